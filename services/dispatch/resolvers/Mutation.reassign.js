import { wrongState } from './_carried.js';
import { BEFORE_PICKUP, lostIt, searchAgain } from './_search_again.js';
import { settled } from './_settled.js';

export function request(ctx) {
  // Who refused may be asked again when nobody else is left; from whom an operator took it, never.
  return searchAgain(ctx, { trigger: 'reassign', driverId: ctx.args.fromDriverId, remove: ', pinned_to, forced', more: ', barred :refused' });
}

export function response(ctx) {
  const { fromDriverId } = ctx.args;
  return settled(ctx, {
    done: (row) => lostIt(row, 'reassign', fromDriverId),
    visible: (row) => !!row.state, // an operator sees all that were opened
    conflict: (row) =>
      row.driver_id === fromDriverId
        ? wrongState(row, BEFORE_PICKUP)
        : 'The delivery is not, or no longer, carried by the driver of fromDriverId',
  });
}
