import { callerId } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { toDriver } from './_driver.js';
import { driverKey } from './_rows.js';

export function request(ctx) {
  return { operation: 'GetItem', key: driverKey(callerId(ctx)), consistentRead: true };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Driver' });
  if (!ctx.result) {
    notFound('Driver');
  }
  return toDriver(ctx.result);
}
