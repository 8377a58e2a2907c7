import { partnerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { toReplay } from './_replay.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'log-index', partition: 'log', value: `REPLAYS#${partnerId(ctx)}`, sort: 'log_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Replays' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'log_key', first, after, node: toReplay });
}
