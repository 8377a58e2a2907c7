import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { toDelivery } from './_delivery.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'holder-index', partition: 'holder_id', value: callerId(ctx), sort: 'holder_key', prefix: 'DONE#', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Deliveries' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'holder_key', first, after, node: (row) => toDelivery(row, { dropoff: false }) });
}
