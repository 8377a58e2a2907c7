import { util } from '@aws-appsync/utils';
import { momentOf } from '../../../infra/resolvers/checks.js';
import { invalid } from '../../../infra/resolvers/errors.js';

export const CONFIRMABLE = ['PENDING'];
const HORIZON_MS = 24 * 60 * 60 * 1000;
// What is ready already is expected now, by a clock that may be behind ours.
const BEHIND_MS = 60 * 1000;

/** What confirming writes. The expected ready time must be within the next 24 hours. */
export function confirmation(expectedReadyAt) {
  const moment = momentOf('expectedReadyAt', expectedReadyAt);
  const now = util.time.nowEpochMilliSeconds();
  if (moment < now - BEHIND_MS || moment > now + HORIZON_MS) {
    invalid(`expectedReadyAt is ${expectedReadyAt}; allowed is from now to ${HORIZON_MS / 3600000} hours from now`);
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
  const moment = momentOf('expectedReadyAt', expectedReadyAt);
  return row.status === 'CONFIRMED' && row.expected_ready_at === util.time.epochMilliSecondsToISO8601(moment);
}
