import { decideFor, decidedFor } from './_decided.js';

export function request(ctx) {
  return decideFor(ctx, {
    set: ', pinned_to = :driver',
    more: 'REMOVE forced DELETE barred :drivers',
    values: { ':driver': ctx.args.driverId },
    sets: { ':drivers': [ctx.args.driverId] },
  });
}

export function response(ctx) {
  return decidedFor(ctx);
}
