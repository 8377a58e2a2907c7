import { util } from '@aws-appsync/utils';

export const READYABLE = ['CONFIRMED', 'ASSIGNED'];

/** What marking ready writes. It is not ready before, so an order that a driver came for early is READY now. */
export function readiness() {
  return {
    once: 'ready_at',
    set: '#status = :status, ready_at = :ready',
    values: { ':status': 'READY', ':ready': util.time.nowISO8601() },
  };
}

/** Whether the order was marked ready before, and still waits for its driver. */
export function isReady(row) {
  return !!row.ready_at && ['READY', ...READYABLE].includes(row.status);
}
