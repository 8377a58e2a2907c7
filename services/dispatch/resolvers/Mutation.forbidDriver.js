import { checkId } from '../../../infra/resolvers/checks.js';
import { decide, decided } from './_decided.js';

export function request(ctx) {
  checkId('Driver', ctx.args.driverId);
  return decide(ctx, {
    more: 'ADD barred :drivers',
    sets: { ':drivers': [ctx.args.driverId] },
    condition: ' AND (attribute_not_exists(pinned_to) OR pinned_to <> :driver)',
    conditionValues: { ':driver': ctx.args.driverId },
  });
}

export function response(ctx) {
  return decided(ctx);
}
