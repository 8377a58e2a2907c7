import { util } from '@aws-appsync/utils';
import { momentOf } from '../../../infra/resolvers/checks.js';
import { invalid } from '../../../infra/resolvers/errors.js';

export const CONFIRMABLE = ['PENDING'];
const HORIZON_MS = 24 * 60 * 60 * 1000;
// What is ready already is expected now, by a clock that may be behind ours.
const BEHIND_MS = 60 * 1000;

/**
 * What confirming writes. The expected ready time must be within the next 24 hours; what is promised to the customer,
 * if anything is, after that and within 24 hours of it.
 */
export function confirmation({ expectedReadyAt, promisedAt }) {
  const ready = momentOf('expectedReadyAt', expectedReadyAt);
  const now = util.time.nowEpochMilliSeconds();
  if (ready < now - BEHIND_MS || ready > now + HORIZON_MS) {
    invalid(`expectedReadyAt is ${expectedReadyAt}; allowed is from now to ${HORIZON_MS / 3600000} hours from now`);
  }
  const confirmed = {
    judged: true,
    set: '#status = :status, expected_ready_at = :ready',
    remove: 'on_cancel',
    values: { ':status': 'CONFIRMED', ':ready': util.time.epochMilliSecondsToISO8601(ready) },
  };
  if (!promisedAt) {
    return confirmed;
  }
  const promised = momentOf('promisedAt', promisedAt);
  if (promised <= ready || promised > ready + HORIZON_MS) {
    const hours = HORIZON_MS / 3600000;
    invalid(`promisedAt is ${promisedAt}; allowed is after expectedReadyAt, and at most ${hours} hours after it`);
  }
  return {
    ...confirmed,
    set: `${confirmed.set}, promised_at = :promised`,
    values: { ...confirmed.values, ':promised': util.time.epochMilliSecondsToISO8601(promised) },
  };
}

/** Whether the order was confirmed for these times before, and nothing happened to it since. */
export function isConfirmed(row, { expectedReadyAt, promisedAt }) {
  const at = (field, text) => (text ? util.time.epochMilliSecondsToISO8601(momentOf(field, text)) : null);
  return (
    row.status === 'CONFIRMED' &&
    row.expected_ready_at === at('expectedReadyAt', expectedReadyAt) &&
    (row.promised_at ?? null) === at('promisedAt', promisedAt)
  );
}
