import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { isCarriedBy, orderKey, toOrder } from './_order.js';

export function request(ctx) {
  return { operation: 'GetItem', key: orderKey(ctx.source.id), consistentRead: true };
}

/** For the driver who carries it. An offer does not show the address yet, so it has no order; nor is it shown any more
 * once the order has ended. */
export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  if (!row || !(row.driver_id === callerId(ctx) || isOperator(ctx))) {
    notFound('Order');
  }
  const address = isOperator(ctx) || isCarriedBy(row, callerId(ctx));
  return toOrder(row, { address, note: address });
}
