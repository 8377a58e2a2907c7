export const REJECTABLE = ['PENDING'];

/** What turning an order down writes. */
export function rejection(reason) {
  return {
    set: '#status = :status, reason = :reason',
    remove: 'on_cancel',
    values: { ':status': 'REJECTED', ':reason': reason },
  };
}
