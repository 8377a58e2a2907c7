import { callerId } from '../../../infra/resolvers/caller.js';
import { CANCELLABLE, cancellation } from './_cancel.js';
import { changedOrder, changeOrder } from './_change.js';

const owner = (ctx) => ({ attribute: 'customer_id', id: callerId(ctx) });

export function request(ctx) {
  return changeOrder(ctx, { statuses: CANCELLABLE, owner: owner(ctx), ...cancellation('CUSTOMER_REQUEST') });
}

export function response(ctx) {
  return changedOrder(ctx, { statuses: CANCELLABLE, owner: owner(ctx) });
}
