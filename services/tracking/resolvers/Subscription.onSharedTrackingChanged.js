import { util } from '@aws-appsync/utils';
import { notFound, refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { endWhere, sendWhere } from '../../../infra/resolvers/subscription.js';
import { partsOf } from './_link.js';
import { watch } from './_watch.js';

export function request(ctx) {
  const { orderId, secret } = partsOf(ctx.args.token);
  return watch(orderId, {
    condition: 'share_secret = :secret AND (attribute_not_exists(shared_until) OR shared_until > :now)',
    values: { ':secret': secret, ':now': util.time.nowISO8601() },
  });
}

export function response(ctx) {
  if (refusedItem(ctx)) {
    notFound('Order');
  }
  rethrow(ctx, { what: 'Order', visible: () => false });
  const { orderId } = partsOf(ctx.args.token);
  sendWhere([{ orderId }]);
  endWhere([{ orderId, ended: true }]);
  return null;
}
