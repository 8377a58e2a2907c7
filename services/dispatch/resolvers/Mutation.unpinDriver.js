import { decide, decided } from './_decided.js';

export function request(ctx) {
  return decide(ctx, {
    more: 'REMOVE pinned_to, forced',
  });
}

export function response(ctx) {
  return decided(ctx);
}
