import { util } from '@aws-appsync/utils';

// 2025-01-01T00:00:00Z, as in domain.py.
const COUNTED_FROM = 1735689600;

/** The key of a driver's row. */
export function driverKey(id) {
  return util.dynamodb.toMapValues({ pk: `DRIVER#${id}`, sk: 'DRIVER' });
}

/** The next stops of the deliveries that a driver carries, but for `orderId`'s. */
export function stopsOf(row, orderId) {
  const names = Object.keys(row).filter((name) => name.startsWith('stop#') && name !== `stop#${orderId}`);
  return names.map((name) => row[name]);
}

/**
 * Whether the driver's position may show where another order than `orderId` goes: that one's drop-off is ahead, or was
 * when it was measured. As `other_on_board` in stops.py.
 */
export function hasOtherOnBoard(row, orderId) {
  return stopsOf(row, orderId).some((stop) => stop.stop === 'DROPOFF') || row.at < (row.turned_at ?? '');
}

/** What the count of a driver's changes begins after, if there is no row: see `counted_from` in domain.py. */
export function countedFrom() {
  return util.time.nowEpochSeconds() - COUNTED_FROM;
}
