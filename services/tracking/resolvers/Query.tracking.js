import { util } from '@aws-appsync/utils';
import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';
import { notFound, rethrow } from '../../../infra/resolvers/errors.js';

// From pick-up on the driver's way would show a merchant where the customer lives.
const BEFORE_PICKUP = ['CONFIRMED', 'READY', 'ASSIGNED', 'ARRIVED_AT_PICKUP'];
const ENDED = ['DELIVERED', 'CANCELLED', 'REJECTED', 'FAILED'];

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
  const customer = row && row.customer_id === callerId(ctx);
  const driver = row && row.driver_id === callerId(ctx);
  const merchant = row && isStaffOf(row.merchant_id, ctx.identity.claims['custom:merchant_id']);
  if (!row || !(customer || driver || merchant || isOperator(ctx))) {
    notFound('Order');
  }
  const throughout = customer || isOperator(ctx);
  const entries = ctx.result.items.filter((item) => item.sk !== 'TRACKING');
  return {
    orderId: row.order_id,
    status: row.status,
    reason: row.reason,
    pickup: row.pickup,
    dropoff: throughout || (driver && !ENDED.includes(row.status)) ? row.dropoff : null,
    driverId: row.driver_id,
    carried: throughout || driver || BEFORE_PICKUP.includes(row.status) ? row.carried : null, // for Tracking.position
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

/** A row of an order whose placing has not been heard of has no merchant; most accounts belong to none. */
function isStaffOf(merchant, claimed) {
  return !!merchant && merchant === claimed;
}

function toEntry(entry) {
  return { id: entry.event_id, type: entry.type, reason: entry.reason, at: entry.occurred_at };
}
