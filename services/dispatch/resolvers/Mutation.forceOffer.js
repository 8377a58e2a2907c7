import { decideFor, decidedFor } from './_decided.js';

export function request(ctx) {
  return decideFor(ctx, {
    set: ', pinned_to = :driver, forced = :yes',
    more: 'DELETE barred :drivers',
    values: { ':driver': ctx.args.driverId, ':yes': true },
    sets: { ':drivers': [ctx.args.driverId] },
  });
}

export function response(ctx) {
  return decidedFor(ctx);
}
