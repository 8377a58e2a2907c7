import { rethrow } from '../../../infra/resolvers/errors.js';
import { keysOf, pageRequest } from '../../../infra/resolvers/page.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'roster-index', partition: 'roster', value: 'DELIVERIES', sort: 'roster_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Deliveries' });
  const { first, after } = ctx.args;
  return keysOf(ctx.result, { sort: 'roster_key', first, after });
}
