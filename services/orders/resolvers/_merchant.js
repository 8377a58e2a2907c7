import { util } from '@aws-appsync/utils';
import { merchantId } from '../../../infra/resolvers/caller.js';

/** The caller's merchant as the owner of an order. */
export function asMerchant(ctx) {
  return { attribute: 'merchant_id', id: merchantId(ctx) };
}

/** The key of a merchant's row. */
export function merchantKey(id) {
  return util.dynamodb.toMapValues({ pk: `MERCHANT#${id}`, sk: 'MERCHANT' });
}

/** The partition of the index that lists the merchants who take orders. */
export const DIRECTORY = 'MERCHANTS';

/** A merchant's row as the API's `Merchant`. */
export function toMerchant(row) {
  return {
    id: row.merchant_id,
    name: row.name,
    place: row.place,
    currency: row.currency,
    deliveryRadiusMetres: row.delivery_radius_m,
    accepting: row.accepting,
    hours: row.hours,
  };
}
