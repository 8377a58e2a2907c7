import { merchantId } from '../../../infra/resolvers/caller.js';

/** The caller's merchant as the owner of an order. */
export function asMerchant(ctx) {
  return { attribute: 'merchant_id', id: merchantId(ctx) };
}
