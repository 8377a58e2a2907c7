import { util } from '@aws-appsync/utils';
import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';

const ENDED = ['DELIVERED', 'CANCELLED', 'REJECTED', 'FAILED'];

/** The key of an order's row. */
export function orderKey(id) {
  checkId('Order', id);
  return util.dynamodb.toMapValues({ pk: `ORDER#${id}`, sk: 'ORDER' });
}

/** As what the caller may see the order, or null. A merchant gets an order once it is held to meet the rules. */
export function roleOf(ctx, row) {
  if (!row) {
    return null;
  }
  if (isOperator(ctx)) {
    return 'operator';
  }
  if (row.customer_id === callerId(ctx)) {
    return 'customer';
  }
  if (row.driver_id === callerId(ctx)) {
    return 'driver';
  }
  return row.merchant_key && row.merchant_id === ctx.identity.claims['custom:merchant_id'] ? 'merchant' : null;
}

/** Whether `driverId` carries the order: whoever carried it to its end has no more to do with it. */
export function isCarriedBy(row, driverId) {
  return row.driver_id === driverId && !ENDED.includes(row.status);
}

/**
 * An order's row as the API's `Order`. `address`, in words and as a point, is for the customer, the driver on the way and
 * operators only; `note` for the merchant, too.
 */
export function toOrder(row, { address = true, note = true } = {}) {
  return {
    id: row.order_id,
    customerId: row.customer_id,
    merchantId: row.merchant_id,
    status: row.status,
    reason: row.reason ?? (row.status === 'CANCELLED' ? row.cancel_reason : null),
    lines: row.lines.map((line) => ({ name: line.name, quantity: line.quantity, unitAmount: line.unit_amount })),
    total: row.total,
    dropoff: address ? row.dropoff : null,
    address: address ? row.address : null,
    note: note ? row.note : null,
    driverId: row.driver_id,
    placedAt: row.placed_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    promisedAt: row.promised_at,
    cancelRequestedAt: row.cancel_requested_at,
    sequence: row.sequence,
  };
}
