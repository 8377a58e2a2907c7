import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { orderKey, toOrder } from './_order.js';

export function request(ctx) {
  return { operation: 'GetItem', key: orderKey(ctx.source.id), consistentRead: true };
}

/** For the driver who carries it. An offer does not show the address yet, so it has no order. */
export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  if (!row || !(row.driver_id === callerId(ctx) || isOperator(ctx))) {
    notFound('Order');
  }
  return toOrder(row);
}
