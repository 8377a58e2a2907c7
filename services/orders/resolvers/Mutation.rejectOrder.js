import { changedOrder, changeOrder } from './_change.js';
import { asMerchant } from './_merchant.js';
import { isRejected, REJECTABLE, rejection } from './_reject.js';

export function request(ctx) {
  return changeOrder(ctx, { statuses: REJECTABLE, owner: asMerchant(ctx), ...rejection(ctx.args.reason) });
}

export function response(ctx) {
  const done = (row) => isRejected(row, ctx.args.reason);
  return changedOrder(ctx, { statuses: REJECTABLE, owner: asMerchant(ctx), address: false, done });
}
