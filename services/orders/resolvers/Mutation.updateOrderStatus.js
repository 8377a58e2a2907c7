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
  return changeOrder(ctx, { statuses: STATUSES[status], ...write(ctx.args) });
}

function write(args) {
  const { status } = args;
  if (status === 'CONFIRMED') {
    return confirmation(args);
  }
  if (status === 'REJECTED') {
    return rejection(REASON);
  }
  return status === 'READY' ? readiness() : cancellation(REASON);
}

export function response(ctx) {
  return changedOrder(ctx, { statuses: STATUSES[ctx.args.status], done: (row) => wasWritten(row, ctx.args) });
}

function wasWritten(row, args) {
  const { status } = args;
  if (status === 'CONFIRMED') {
    return isConfirmed(row, args);
  }
  if (status === 'REJECTED') {
    return isRejected(row, REASON);
  }
  return status === 'READY' ? isReady(row) : isCancelled(row, REASON);
}
