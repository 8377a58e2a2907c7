import { checkId } from '../../../infra/resolvers/checks.js';
import { decide, decided } from './_decided.js';

export function request(ctx) {
  checkId('Driver', ctx.args.driverId);
  return decide(ctx, {
    more: 'DELETE barred :drivers',
    sets: { ':drivers': [ctx.args.driverId] },
  });
}

export function response(ctx) {
  return decided(ctx);
}
