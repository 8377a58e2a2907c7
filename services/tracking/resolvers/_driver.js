import { util } from '@aws-appsync/utils';

// 2025-01-01T00:00:00Z, as in domain.py.
const COUNTED_FROM = 1735689600;

/** The key of a driver's row. */
export function driverKey(id) {
  return util.dynamodb.toMapValues({ pk: `DRIVER#${id}`, sk: 'DRIVER' });
}

/** What the count of a driver's changes begins after, if there is no row: see `counted_from` in domain.py. */
export function countedFrom() {
  return util.time.nowEpochSeconds() - COUNTED_FROM;
}
