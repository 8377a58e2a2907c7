import { runtime } from '@aws-appsync/utils';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { driverKey } from './_driver.js';

export function request(ctx) {
  const { carried, driverId } = ctx.source;
  if (!carried) {
    runtime.earlyReturn(null); // where a driver is before and after is nobody's business
  }
  return { operation: 'GetItem', key: driverKey(driverId) };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Driver' });
  const row = ctx.result;
  if (!row || !row.at) {
    return null; // assigned, and not one report yet
  }
  return { lat: row.lat, lng: row.lng, at: row.at, heading: row.heading, speed: row.speed };
}
