import { callerId, isOperator } from '../../../infra/resolvers/caller.js';

const ENDED = ['DELIVERED', 'RETURNED', 'CANCELLED', 'UNASSIGNED'];

/** Whether the driver carries it, carried it last, or is offered it. */
export function concerns(row, driverId) {
  return row.driver_id === driverId || isOfferedTo(row, driverId);
}

function isOfferedTo(row, driverId) {
  return (row.offer ?? {}).driver_id === driverId;
}

/** The delivery as the caller may see it: where it goes is for operators, and for its driver until it has ended. */
export function deliveryFor(ctx, row) {
  const carries = row.driver_id === callerId(ctx) && !ENDED.includes(row.state);
  return toDelivery(row, { dropoff: carries || isOperator(ctx) });
}

/** A delivery's row as the API's `Delivery`. */
export function toDelivery(row, { dropoff = true } = {}) {
  return {
    id: row.delivery_id,
    state: row.state,
    reason: row.reason,
    merchantId: row.merchant_id,
    zone: row.zone,
    pickup: row.pickup,
    dropoff: dropoff ? row.dropoff : null,
    driverId: row.driver_id,
    offer: row.offer ? toOffer(row.offer) : null,
    proof: row.proof ? { kind: row.proof.kind, photoKey: row.proof.photo_key } : null,
    requestedAt: row.requested_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    assignedAt: row.assigned_at,
    expectedPickupAt: row.expected_pickup_at,
    pickedUpAt: row.picked_up_at,
    expectedDropoffAt: row.expected_dropoff_at,
    deliveredAt: row.delivered_at,
    sequence: row.sequence,
  };
}

function toOffer(offer) {
  return {
    id: offer.offer_id,
    driverId: offer.driver_id,
    expiresAt: offer.expires_at,
    toPickupMetres: offer.to_pickup_m,
    toDropoffMetres: offer.to_dropoff_m,
  };
}
