import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { toDelivery } from './_delivery.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'roster-index', partition: 'roster', value: 'DELIVERIES', sort: 'roster_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Deliveries' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'roster_key', first, after, node: (row) => toDelivery(row, { operator: true }) });
}
