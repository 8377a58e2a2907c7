import { util } from '@aws-appsync/utils';
import { notFound } from '../../../infra/resolvers/errors.js';

const TOKEN = '^[A-Za-z0-9-]{1,64}[.][0-9a-f]{64}$';

/** The secret of a new link: two random UUIDs, of 122 random bits each. */
export function newSecret() {
  return `${util.autoId()}${util.autoId()}`.split('-').join('');
}

/** A token names its order, so that one read finds it, and proves itself by the secret. */
export function tokenOf(row) {
  return `${row.order_id}.${row.share_secret}`;
}

/** The parts of a token, or NotFound. */
export function partsOf(token) {
  if (!util.matches(TOKEN, token)) {
    notFound('Order');
  }
  const [orderId, secret] = token.split('.');
  return { orderId, secret };
}

/** Whether the link with this secret shows the order at this moment. */
export function opens(row, secret) {
  return !!row && row.share_secret === secret && (!row.shared_until || row.shared_until > util.time.nowISO8601());
}
