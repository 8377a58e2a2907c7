import { merchantId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { toOrder } from './_order.js';

/** Only orders that meet the rules have a `merchant_key`, and so are in the index. */
export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'merchant-index', partition: 'merchant_id', value: merchantId(ctx), sort: 'merchant_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Orders' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'merchant_key', first, after, node: (row) => toOrder(row, { address: false }) });
}
