import { util } from '@aws-appsync/utils';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { opens, partsOf } from './_link.js';
import { toEntry } from './_order.js';

const ON_THE_WAY = ['PICKED_UP', 'ARRIVED_AT_DROPOFF'];

export function request(ctx) {
  const { orderId } = partsOf(ctx.args.token);
  return {
    operation: 'Query',
    query: { expression: 'pk = :pk', expressionValues: util.dynamodb.toMapValues({ ':pk': `ORDER#${orderId}` }) },
  };
}

/** Whoever has the link may be anybody: no person's id, and not where the order goes. */
export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result.items.find((item) => item.sk === 'TRACKING');
  if (!opens(row, partsOf(ctx.args.token).secret)) {
    notFound('Order');
  }
  const entries = ctx.result.items.filter((item) => item.sk !== 'TRACKING' && !item.operators_only);
  return {
    orderId: row.order_id,
    status: row.status,
    reason: row.reason,
    pickup: row.pickup,
    driverId: ON_THE_WAY.includes(row.status) ? row.driver_id : null, // for SharedTracking.position
    placedAt: row.placed_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    assignedAt: row.assigned_at,
    expectedPickupAt: row.expected_pickup_at,
    pickedUpAt: row.picked_up_at,
    expectedDropoffAt: row.expected_dropoff_at,
    deliveredAt: row.delivered_at,
    timeline: entries.map(toEntry),
    expiresAt: row.shared_until,
    sequence: row.sequence,
  };
}
