import { invalid } from '../../../infra/resolvers/errors.js';
import { CANCELLABLE, cancellation } from './_cancel.js';
import { changedOrder, changeOrder } from './_change.js';
import { CONFIRMABLE, confirmation } from './_confirm.js';
import { READYABLE, readiness } from './_ready.js';
import { REJECTABLE, rejection } from './_reject.js';

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
    return rejection('OPERATOR_REQUEST');
  }
  return status === 'READY' ? readiness() : cancellation('OPERATOR_REQUEST');
}

export function response(ctx) {
  return changedOrder(ctx, { statuses: STATUSES[ctx.args.status] });
}
