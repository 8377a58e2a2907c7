import { letGo } from './_let_go.js';

export const BEFORE_PICKUP = ['ASSIGNED', 'ARRIVED_AT_PICKUP'];

/** The driver has the delivery no more, and another one is looked for, as long as for a new delivery. `remove` and
 * `more` are what else there is to remove, and to add, of `:refused`, the driver. */
export function searchAgain(ctx, { trigger, driverId, remove = '', more = '' }) {
  return letGo(ctx, {
    trigger,
    driverId,
    states: BEFORE_PICKUP,
    set: '#state = :searching, zone_key = #zone, searching_since = :now',
    more:
      'REMOVE driver_id, assigned_at, trip, pay, holder_id, holder_key, expected_pickup_at, expected_dropoff_at, ' +
      `delayed_at${remove} ADD refused_by :refused${more}`,
    values: { ':searching': 'SEARCHING' },
    sets: { ':refused': [driverId] },
  });
}

/** Whether the delivery's last change was that this driver lost it. */
export function lostIt(row, trigger, driverId) {
  return row.transition === trigger && (row.refused_by ?? []).includes(driverId);
}
