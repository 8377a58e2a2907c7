import { util } from '@aws-appsync/utils';
import { isOperator } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { hasEnded, isBeforePickup, roleOf, toEntry } from './_order.js';

/** An order's row and its timeline are one partition: the timeline's entries in order, then the row. */
export function request(ctx) {
  checkId('Order', ctx.args.orderId);
  return {
    operation: 'Query',
    query: {
      expression: 'pk = :pk',
      expressionValues: util.dynamodb.toMapValues({ ':pk': `ORDER#${ctx.args.orderId}` }),
    },
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result.items.find((item) => item.sk === 'TRACKING');
  const role = roleOf(ctx, row);
  if (!role) {
    notFound('Order');
  }
  const driver = role === 'driver';
  const throughout = role === 'customer' || role === 'operator';
  const merchant = role === 'merchant';
  const entries = ctx.result.items.filter((item) => item.sk !== 'TRACKING');
  return {
    orderId: row.order_id,
    status: row.status,
    reason: row.reason,
    pickup: row.pickup,
    dropoff: throughout || (driver && !hasEnded(row)) ? row.dropoff : null,
    driverId: row.driver_id,
    // For Tracking.position: a merchant's part of the way is the one before pick-up, a customer's the one after it.
    carried: role === 'operator' || driver || merchant === isBeforePickup(row) ? row.carried : null,
    alone: merchant ? row.order_id : null,
    placedAt: row.placed_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    assignedAt: row.assigned_at,
    expectedPickupAt: row.expected_pickup_at,
    pickedUpAt: row.picked_up_at,
    expectedDropoffAt: row.expected_dropoff_at,
    deliveredAt: row.delivered_at,
    timeline: entries.filter((entry) => isOperator(ctx) || !entry.operators_only).map(toEntry),
    sequence: row.sequence,
  };
}
