export const REJECTABLE = ['PENDING'];

/** What turning an order down writes. */
export function rejection(reason) {
  return {
    judged: true,
    set: '#status = :status, reason = :reason',
    remove: 'on_cancel',
    values: { ':status': 'REJECTED', ':reason': reason },
  };
}

/** Whether the order was turned down for this reason before. */
export function isRejected(row, reason) {
  return row.status === 'REJECTED' && row.reason === reason;
}
