import { invalid } from '../../../infra/resolvers/errors.js';
import { CANCELLABLE, cancellation, isCancelled } from './_cancel.js';
import { changedOrder, changeOrder } from './_change.js';
import { CONFIRMABLE, confirmation, isConfirmed } from './_confirm.js';
import { isReady, READYABLE, readiness } from './_ready.js';
import { isRejected, REJECTABLE, rejection } from './_reject.js';

const REASON = 'OPERATOR_REQUEST';
const STATUSES = { CONFIRMED: CONFIRMABLE, REJECTED: REJECTABLE, READY: READYABLE, CANCELLED: CANCELLABLE };

export function request(ctx) {
  const { status, expectedReadyAt } = ctx.args;
  if (status === 'CONFIRMED' && !expectedReadyAt) {
    invalid('expectedReadyAt is missing; CONFIRMED needs it');
  }
  return changeOrder(ctx, { statuses: STATUSES[status], ...write(status, expectedReadyAt) });
}

function write(status, expectedReadyAt) {
  if (status === 'CONFIRMED') {
    return confirmation(expectedReadyAt);
  }
  if (status === 'REJECTED') {
    return rejection(REASON);
  }
  return status === 'READY' ? readiness() : cancellation(REASON);
}

export function response(ctx) {
  const { status, expectedReadyAt } = ctx.args;
  return changedOrder(ctx, { statuses: STATUSES[status], done: (row) => wasWritten(row, status, expectedReadyAt) });
}

function wasWritten(row, status, expectedReadyAt) {
  if (status === 'CONFIRMED') {
    return isConfirmed(row, expectedReadyAt);
  }
  if (status === 'REJECTED') {
    return isRejected(row, REASON);
  }
  return status === 'READY' ? isReady(row) : isCancelled(row, REASON);
}
