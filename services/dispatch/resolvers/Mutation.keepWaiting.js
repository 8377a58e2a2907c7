import { callerId } from '../../../infra/resolvers/caller.js';
import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { deliveryKey } from './_rows.js';
import { stepOf, write } from './_write.js';

/** The search begins anew, with all its time, for a customer who was asked and would rather wait. */
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    ...write({
      key: deliveryKey(ctx.args.orderId),
      step: stepOf(ctx, 'keepWaiting'),
      set: 'searching_since = :now',
      more: 'REMOVE delayed_at',
      condition: 'customer_id = :me AND #state = :searching AND attribute_exists(delayed_at)',
      conditionValues: { ':me': callerId(ctx), ':searching': 'SEARCHING' },
    }),
  };
}

export function response(ctx) {
  const mine = (row) => row.customer_id === callerId(ctx);
  const refused = refusedItem(ctx);
  if (!(refused && mine(refused) && refused.transition === 'keepWaiting')) {
    rethrow(ctx, { what: 'Order', visible: mine, conflict: notAsked });
  }
  return { orderId: ctx.args.orderId };
}

function notAsked(row) {
  return row.state === 'SEARCHING' || row.state === 'OFFERED'
    ? 'A driver is being looked for; there is nothing to decide yet'
    : `The delivery is ${row.state}; no driver is looked for`;
}
