import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { concerns, deliveryFor } from './_delivery.js';
import { deliveryKey } from './_rows.js';

export function request(ctx) {
  return { operation: 'GetItem', key: deliveryKey(ctx.args.id), consistentRead: true };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Delivery' });
  const row = ctx.result;
  // What was noted of a delivery before its order was confirmed has no state yet.
  if (!row || !row.state || !(concerns(row, callerId(ctx)) || isOperator(ctx))) {
    notFound('Delivery');
  }
  return deliveryFor(ctx, row);
}
