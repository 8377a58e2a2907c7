import { util } from '@aws-appsync/utils';
import { callerId, causedBy } from '../../../infra/resolvers/caller.js';
import { checkText } from '../../../infra/resolvers/checks.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { deviceKey, toDevice } from './_device.js';

// Firebase itself counts a token as stale when an app has not been opened for 270 days.
const KEPT_SECONDS = 270 * 86400;

export function request(ctx) {
  const { deviceId, token, platform } = ctx.args;
  checkText('token', token, 4096);
  // SNS's endpoint for the device stays in the row; it counts only while it was made for this very token.
  return {
    operation: 'UpdateItem',
    key: deviceKey(ctx),
    update: {
      expression:
        'SET recipient_id = :me, device_id = :device, #token = :token, #platform = :platform, ' +
        'registered_at = :now, expires_at = :expires_at, ' +
        '#sequence = if_not_exists(#sequence, :zero) + :one, occurred_at = :now, caused_by = :caused_by',
      expressionNames: { '#token': 'token', '#platform': 'platform', '#sequence': 'sequence' },
      expressionValues: util.dynamodb.toMapValues({
        ':me': callerId(ctx),
        ':device': deviceId,
        ':token': token,
        ':platform': platform,
        ':now': util.time.nowISO8601(),
        ':expires_at': util.time.nowEpochSeconds() + KEPT_SECONDS,
        ':zero': 0,
        ':one': 1,
        ':caused_by': causedBy(ctx),
      }),
    },
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Device' });
  return toDevice(ctx.result);
}
