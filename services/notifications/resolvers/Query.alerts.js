import { checkId } from '../../../infra/resolvers/checks.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { keysOf, pageRequest } from '../../../infra/resolvers/page.js';

export function request(ctx) {
  const { orderId, first, after } = ctx.args;
  checkId('Order', orderId);
  return pageRequest({ index: 'order-index', partition: 'order_id', value: orderId, sort: 'sent_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Alerts' });
  const { first, after } = ctx.args;
  return keysOf(ctx.result, { sort: 'sent_key', first, after });
}
