import { runtime } from '@aws-appsync/utils';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { driverKey, hasOtherOnBoard } from './_driver.js';

/** Read the driver's row, if `shown`: where a driver is before and after carrying an order is nobody's business. */
export function positionOf(driverId, shown) {
  if (!shown) {
    runtime.earlyReturn(null);
  }
  return { operation: 'GetItem', key: driverKey(driverId) };
}

/** `alone`: the order while carrying which alone the driver may be seen; null if with others on board, too. */
export function toPosition(ctx, alone = null) {
  rethrow(ctx, { what: 'Driver' });
  const row = ctx.result;
  if (!row || !row.at) {
    return null; // assigned, and not one report yet
  }
  if (alone && hasOtherOnBoard(row, alone)) {
    return null;
  }
  return { lat: row.lat, lng: row.lng, at: row.at, heading: row.heading, speed: row.speed };
}
