import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { newSecret, tokenOf } from './_link.js';
import { orderKey } from './_watch.js';

export function request(ctx) {
  const { orderId } = ctx.args;
  checkId('Order', orderId);
  return {
    operation: 'UpdateItem',
    key: orderKey(orderId),
    update: {
      expression: 'SET share_secret = if_not_exists(share_secret, :secret) ADD revision :one',
      expressionValues: util.dynamodb.toMapValues({ ':secret': newSecret(), ':one': 1 }),
    },
    condition: {
      expression: 'customer_id = :me AND (attribute_not_exists(shared_until) OR shared_until > :now)',
      expressionValues: util.dynamodb.toMapValues({ ':me': callerId(ctx), ':now': util.time.nowISO8601() }),
    },
  };
}

export function response(ctx) {
  rethrow(ctx, {
    what: 'Order',
    visible: (row) => row.customer_id === callerId(ctx),
    conflict: (row) => `The order is ${row.status} for longer than a link would show it`,
  });
  return { token: tokenOf(ctx.result), expiresAt: ctx.result.shared_until };
}
