import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { invalid } from '../../../infra/resolvers/errors.js';

/** The key of one of the caller's own devices. */
export function deviceKey(ctx) {
  const { deviceId } = ctx.args;
  if (!util.matches('^[A-Za-z0-9._:-]{1,64}$', deviceId)) {
    invalid('deviceId is not 1 to 64 letters, digits and . _ : -');
  }
  return util.dynamodb.toMapValues({ pk: `CONTACT#${callerId(ctx)}`, sk: `DEVICE#${deviceId}` });
}

/** A device's row as the API's `Device`. Its token stays where it is. */
export function toDevice(row) {
  return { id: row.device_id, platform: row.platform, registeredAt: row.registered_at };
}
