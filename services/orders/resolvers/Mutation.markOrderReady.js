import { changedOrder, changeOrder } from './_change.js';
import { asMerchant } from './_merchant.js';
import { isReady, READYABLE, readiness } from './_ready.js';

export function request(ctx) {
  return changeOrder(ctx, { statuses: READYABLE, owner: asMerchant(ctx), ...readiness() });
}

export function response(ctx) {
  return changedOrder(ctx, { statuses: READYABLE, owner: asMerchant(ctx), address: false, done: isReady });
}
