import { callerId } from '../../../infra/resolvers/caller.js';
import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { toDelivery } from './_delivery.js';
import { deliveryKey } from './_rows.js';
import { inStates, stepOf, write } from './_write.js';

/** Move on the delivery `deliveryId`, if the caller carries it and it is in one of `states`. */
export function moveOn(ctx, { trigger, states, set, values }) {
  const allowed = inStates(states);
  return {
    operation: 'UpdateItem',
    ...write({
      key: deliveryKey(ctx.args.deliveryId),
      step: stepOf(ctx, trigger),
      set,
      values,
      condition: `driver_id = :me AND ${allowed.expression}`,
      conditionValues: { ':me': callerId(ctx), ...allowed.values },
    }),
  };
}

/** The delivery as it now stands; also if it was in `target` already, as when an answer got lost and the caller asks
 * again. NotFound for another's delivery, Conflict for one in another state. */
export function movedOn(ctx, { states, target }) {
  const carried = (row) => row.driver_id === callerId(ctx);
  const refused = refusedItem(ctx);
  if (refused && carried(refused) && refused.state === target) {
    return toDelivery(refused);
  }
  rethrow(ctx, { what: 'Delivery', visible: carried, conflict: (row) => wrongState(row, states) });
  return toDelivery(ctx.result);
}

export function wrongState(row, states) {
  return `The delivery is ${row.state}; this needs it to be ${states.join(' or ')}`;
}
