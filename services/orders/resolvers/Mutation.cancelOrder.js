import { callerId } from '../../../infra/resolvers/caller.js';
import { CANCELLABLE, cancellation, isCancelled } from './_cancel.js';
import { changedOrder, changeOrder } from './_change.js';

const REASON = 'CUSTOMER_REQUEST';
const owner = (ctx) => ({ attribute: 'customer_id', id: callerId(ctx) });

export function request(ctx) {
  return changeOrder(ctx, { statuses: CANCELLABLE, owner: owner(ctx), ...cancellation(REASON) });
}

export function response(ctx) {
  const done = (row) => isCancelled(row, REASON);
  return changedOrder(ctx, { statuses: CANCELLABLE, owner: owner(ctx), done });
}
