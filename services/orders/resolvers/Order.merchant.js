import { rethrow } from '../../../infra/resolvers/errors.js';
import { merchantKey, toMerchant } from './_merchant.js';

/** Whoever may see the order may know; the order itself was read before. */
export function request(ctx) {
  return { operation: 'GetItem', key: merchantKey(ctx.source.merchantId) };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Merchant' });
  return ctx.result ? toMerchant(ctx.result) : null;
}
