import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { sendWhere } from '../../../infra/resolvers/subscription.js';
import { driverKey } from './_rows.js';

export function request(ctx) {
  return { operation: 'GetItem', key: driverKey(ctx.args.driverId) };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Driver' });
  const { driverId } = ctx.args;
  if (!ctx.result || !(driverId === callerId(ctx) || isOperator(ctx))) {
    notFound('Driver');
  }
  sendWhere([{ driverId }]);
  return null;
}
