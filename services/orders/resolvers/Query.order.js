import { callerId } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { isCarriedBy, orderKey, roleOf, toOrder } from './_order.js';

export function request(ctx) {
  return { operation: 'GetItem', key: orderKey(ctx.args.id), consistentRead: true };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  const role = roleOf(ctx, row);
  if (!role) {
    notFound('Order');
  }
  const address = role === 'customer' || role === 'operator' || isCarriedBy(row, callerId(ctx));
  return toOrder(row, { address, note: address || role === 'merchant' });
}
