import { deliveryKey, driverKey } from './_rows.js';
import { inStates, stepOf, together, write } from './_write.js';

/**
 * The driver no longer carries the delivery `deliveryId`, which is in one of `states`: one transaction over both rows.
 * `set`, `more`, `values` and `sets` say what it is to the delivery; `must`, with `mustValues`, what else it must meet.
 */
export function letGo(ctx, { trigger, driverId, states, must = '', mustValues = {}, set, more, values, sets }) {
  const { deliveryId } = ctx.args;
  const step = stepOf(ctx, trigger);
  const allowed = inStates(states);
  return together([
    write({
      key: deliveryKey(deliveryId),
      step,
      set,
      more,
      values,
      sets,
      condition: `driver_id = :driver AND ${allowed.expression}${must ? ` AND ${must}` : ''}`,
      conditionValues: { ':driver': driverId, ...allowed.values, ...mustValues },
    }),
    write({
      key: driverKey(driverId),
      step,
      more: 'DELETE deliveries :carried',
      sets: { ':carried': [deliveryId] },
      condition: 'contains(deliveries, :delivery)',
      conditionValues: { ':delivery': deliveryId },
    }),
  ]);
}

/** What ends a delivery: it leaves its driver's list and that of the open ones. */
export const ENDED = 'REMOVE holder_id, holder_key, roster';
