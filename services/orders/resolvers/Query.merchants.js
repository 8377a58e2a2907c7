import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';
import { DIRECTORY, toMerchant } from './_merchant.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({
    index: 'directory-index',
    partition: 'directory',
    value: DIRECTORY,
    sort: 'directory_key',
    first,
    after,
  });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Merchants' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'directory_key', first, after, node: toMerchant });
}
