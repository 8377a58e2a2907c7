import { util } from '@aws-appsync/utils';

/** The key of an order's row. */
export function orderKey(id) {
  return util.dynamodb.toMapValues({ pk: `ORDER#${id}`, sk: 'ORDER' });
}

/** An order's row as the API's `Order`. `address` is for the customer, the driver and operators only. */
export function toOrder(row, { address = true } = {}) {
  return {
    id: row.order_id,
    customerId: row.customer_id,
    merchantId: row.merchant_id,
    status: row.status,
    reason: row.reason ?? (row.status === 'CANCELLED' ? row.cancel_reason : null),
    lines: row.lines.map((line) => ({ name: line.name, quantity: line.quantity, unitAmount: line.unit_amount })),
    total: row.total,
    dropoff: row.dropoff,
    address: address ? row.address : null,
    note: row.note,
    driverId: row.driver_id,
    placedAt: row.placed_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    cancelRequestedAt: row.cancel_requested_at,
    sequence: row.sequence,
  };
}
