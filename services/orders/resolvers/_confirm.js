import { util } from '@aws-appsync/utils';
import { invalid } from '../../../infra/resolvers/errors.js';

export const CONFIRMABLE = ['PENDING'];
const HORIZON_MS = 24 * 60 * 60 * 1000;

/** What confirming writes. The expected ready time must be less than a day away. */
export function confirmation(expectedReadyAt) {
  const moment = util.time.parseISO8601ToEpochMilliSeconds(expectedReadyAt);
  const now = util.time.nowEpochMilliSeconds();
  if (moment < now - HORIZON_MS || moment > now + HORIZON_MS) {
    invalid(`expectedReadyAt is ${expectedReadyAt}; it must be less than 24 hours away`);
  }
  return {
    judged: true,
    set: '#status = :status, expected_ready_at = :ready',
    remove: 'on_cancel',
    values: { ':status': 'CONFIRMED', ':ready': util.time.epochMilliSecondsToISO8601(moment) },
  };
}

/** Whether the order was confirmed for this time before, and nothing happened to it since. */
export function isConfirmed(row, expectedReadyAt) {
  const moment = util.time.parseISO8601ToEpochMilliSeconds(expectedReadyAt);
  return row.status === 'CONFIRMED' && row.expected_ready_at === util.time.epochMilliSecondsToISO8601(moment);
}
