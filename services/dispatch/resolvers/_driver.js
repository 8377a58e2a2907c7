/** A driver's row as the API's `Driver`. */
export function toDriver(row) {
  return {
    id: row.driver_id,
    state: stateOf(row),
    onDuty: row.on_duty,
    vehicle: row.vehicle,
    zone: row.zone_key,
    position: row.position,
    deliveryIds: row.deliveries ?? [],
    offeredDeliveryIds: row.offered ?? [],
    shiftEndsAt: row.shift_ends_at,
    acceptanceRate: row.acceptance ?? 1,
    sequence: row.sequence,
    positionSequence: row.position_sequence,
  };
}

/** As `state_of` in domain.py. */
function stateOf(row) {
  if (row.deliveries) {
    return 'BUSY';
  }
  if (row.offer_id) {
    return 'OFFERED';
  }
  return row.on_duty ? 'AVAILABLE' : 'OFF_DUTY';
}
