import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { deliveryKey } from './_rows.js';

export function request(ctx) {
  return { operation: 'GetItem', key: deliveryKey(ctx.source.id) };
}

/** What the customer tells the driver at the door is nobody else's to read, an operator's neither. */
export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  return row && row.customer_id === callerId(ctx) ? row.pin : null;
}
