import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { deliveryFor } from './_delivery.js';
import { deliveryKey } from './_rows.js';

/** Reads the delivery that a transaction changed: a transaction itself answers with keys only. */
export function deliveryOf(ctx) {
  return { operation: 'GetItem', key: deliveryKey(ctx.source.deliveryId), consistentRead: true };
}

/** Null for a driver who has lost it in between. */
export function deliveryAfter(ctx) {
  rethrow(ctx, { what: 'Delivery' });
  const row = ctx.result;
  return row && (row.driver_id === callerId(ctx) || isOperator(ctx)) ? deliveryFor(ctx, row) : null;
}
