import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { toOrder } from './_order.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'customer-index', partition: 'customer_id', value: callerId(ctx), sort: 'placed_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Orders' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'placed_key', first, after, node: (row) => toOrder(row, { address: true }) });
}
