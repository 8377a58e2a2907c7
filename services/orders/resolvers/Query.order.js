import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { isCarriedBy, orderKey, toOrder } from './_order.js';

export function request(ctx) {
  return { operation: 'GetItem', key: orderKey(ctx.args.id), consistentRead: true };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  const customer = row && row.customer_id === callerId(ctx);
  const driver = row && row.driver_id === callerId(ctx);
  // A merchant gets an order once it is held to meet the rules.
  const merchant = row && row.merchant_key && row.merchant_id === ctx.identity.claims['custom:merchant_id'];
  if (!row || !(customer || driver || merchant || isOperator(ctx))) {
    notFound('Order');
  }
  const address = customer || isOperator(ctx) || isCarriedBy(row, callerId(ctx));
  return toOrder(row, { address, note: address || merchant });
}
