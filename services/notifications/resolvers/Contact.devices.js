import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { toDevice } from './_device.js';

export function request(ctx) {
  return {
    operation: 'Query',
    query: {
      expression: 'pk = :contact AND begins_with(sk, :device)',
      expressionValues: util.dynamodb.toMapValues({ ':contact': `CONTACT#${callerId(ctx)}`, ':device': 'DEVICE#' }),
    },
    consistentRead: true,
    limit: 50,
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Devices' });
  return ctx.result.items.map((row) => toDevice(row));
}
