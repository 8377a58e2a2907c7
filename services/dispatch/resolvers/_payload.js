import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { deliveryFor } from './_delivery.js';
import { deliveryKey } from './_rows.js';
import { TABLE } from './_write.js';

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

/** Reads the deliveries of an offer that was accepted, all in one request. */
export function deliveriesOf(ctx) {
  return {
    operation: 'BatchGetItem',
    tables: { [TABLE]: { keys: ctx.source.deliveryIds.map((id) => deliveryKey(id)), consistentRead: true } },
  };
}

/** Without those that the driver has lost in between. */
export function deliveriesAfter(ctx) {
  rethrow(ctx, { what: 'Delivery' });
  const rows = ctx.result.data[TABLE].filter((row) => row && row.driver_id === callerId(ctx));
  return rows.map((row) => deliveryFor(ctx, row));
}
