import { callerId, isOperator } from '../../../infra/resolvers/caller.js';

const ENDED = ['DELIVERED', 'CANCELLED', 'REJECTED', 'FAILED'];
// From pick-up on the driver's way would show a merchant where the customer lives; before, where another's
// does, while that one's order is on board.
const BEFORE_PICKUP = ['PENDING', 'CONFIRMED', 'READY', 'ASSIGNED', 'ARRIVED_AT_PICKUP'];

export function hasEnded(row) {
  return ENDED.includes(row.status);
}

export function isBeforePickup(row) {
  return BEFORE_PICKUP.includes(row.status);
}

/** As what the caller may see the order, or null. */
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
  // A row of an order whose placing has not been heard of has no merchant; most accounts belong to none.
  return row.merchant_id && row.merchant_id === ctx.identity.claims['custom:merchant_id'] ? 'merchant' : null;
}

/** An entry of an order's timeline as the API's `TimelineEntry`. */
export function toEntry(entry) {
  const { event_id: id, type, reason, occurred_at: at, producer, causation_id: causedBy } = entry;
  return { id, type, reason, at, producer, causedBy };
}
