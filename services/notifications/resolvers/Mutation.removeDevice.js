import { rethrow } from '../../../infra/resolvers/errors.js';
import { deviceKey } from './_device.js';

export function request(ctx) {
  return { operation: 'DeleteItem', key: deviceKey(ctx) };
}

/** Removing what is not there is no error: it is what the caller wanted. */
export function response(ctx) {
  rethrow(ctx, { what: 'Device' });
  return ctx.args.deviceId;
}
