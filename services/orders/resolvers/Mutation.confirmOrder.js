import { changedOrder, changeOrder } from './_change.js';
import { CONFIRMABLE, confirmation, isConfirmed } from './_confirm.js';
import { asMerchant } from './_merchant.js';

export function request(ctx) {
  return changeOrder(ctx, { statuses: CONFIRMABLE, owner: asMerchant(ctx), ...confirmation(ctx.args) });
}

export function response(ctx) {
  const done = (row) => isConfirmed(row, ctx.args);
  return changedOrder(ctx, { statuses: CONFIRMABLE, owner: asMerchant(ctx), address: false, done });
}
