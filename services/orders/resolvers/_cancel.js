import { util } from '@aws-appsync/utils';

export const CANCELLABLE = ['PENDING', 'CONFIRMED', 'READY', 'ASSIGNED'];

/**
 * What a cancellation writes. Only an order that no merchant has answered carries `on_cancel`, the status it takes at
 * once; any other keeps its status until dispatch, which knows whether it was picked up, has decided.
 */
export function cancellation(reason) {
  return {
    set:
      '#status = if_not_exists(on_cancel, #status), cancel_reason = :reason, ' +
      'cancel_requested_at = if_not_exists(cancel_requested_at, :requested)',
    remove: 'on_cancel',
    values: { ':reason': reason, ':requested': util.time.nowISO8601() },
  };
}

/** Whether the order was cancelled for this reason before. */
export function isCancelled(row, reason) {
  return row.status === 'CANCELLED' && row.cancel_reason === reason;
}
