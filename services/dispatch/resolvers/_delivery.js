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
  const operator = isOperator(ctx);
  return toDelivery(row, { dropoff: carries || operator, operator });
}

/** A delivery's row as the API's `Delivery`. */
export function toDelivery(row, { dropoff = true, operator = false } = {}) {
  const decided = operator ? row : {};
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
    trip: row.trip ? toTrip(row.trip) : null,
    pay: row.pay,
    proof: row.proof ? { kind: row.proof.kind, photoKey: row.proof.photo_key } : null,
    requestedAt: row.requested_at,
    expectedReadyAt: row.expected_ready_at,
    readyAt: row.ready_at,
    promisedAt: row.promised_at,
    assignedAt: row.assigned_at,
    expectedPickupAt: row.expected_pickup_at,
    pickedUpAt: row.picked_up_at,
    expectedDropoffAt: row.expected_dropoff_at,
    deliveredAt: row.delivered_at,
    returnedAt: row.returned_at,
    delayedAt: row.delayed_at,
    pinnedTo: decided.pinned_to,
    forced: decided.forced ?? false,
    forbiddenTo: decided.barred ?? [],
    sequence: row.sequence,
  };
}

/** The way from stop to stop; where a stop is, its deliveries tell to those who may know. */
function toTrip(trip) {
  return {
    id: trip.trip_id,
    deliveryIds: trip.delivery_ids,
    pay: trip.pay,
    metres: trip.metres,
    stops: trip.stops.map((stop) => ({
      stop: stop.stop,
      deliveryIds: stop.delivery_ids,
      metres: stop.metres,
      expectedAt: stop.expected_at,
    })),
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
