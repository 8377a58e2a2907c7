import type { Delivery, Money, TripStop } from '../api/types';
import type { Point } from '../platform/config';

/** What the driver brought to its end, by handing it over or bringing it back, and earned with it. */
export interface Done {
  id: string;
  deliveredAt: string | null;
  returnedAt: string | null;
  pay: Money | null;
}

/** A delivery as its driver sees it. */
export interface Carried extends Omit<Delivery, 'offer' | 'zone' | 'driverId'> {
  assignedAt: string | null;
  trip: { id: string; stops: TripStop[] } | null;
  order: { merchant: { name: string } | null; address: string | null; note: string | null; lines: { name: string; quantity: number }[] } | null;
}

const TO_PICKUP = new Set(['ASSIGNED', 'ARRIVED_AT_PICKUP']);
const TO_DROPOFF = new Set(['PICKED_UP', 'ARRIVED_AT_DROPOFF']);

export function isOpen({ state }: Carried): boolean {
  return TO_PICKUP.has(state) || TO_DROPOFF.has(state) || state === 'RETURNING';
}

/** Where the driver goes next with it. */
export function nextStop({ state, pickup, dropoff }: Carried): Point | null {
  return TO_DROPOFF.has(state) ? dropoff : pickup;
}

/** Trip after trip, the one that was accepted first at first; of each trip stop after stop, and then what goes back. */
export function inOrder(deliveries: Carried[]): Carried[] {
  return deliveries
    .filter(isOpen)
    .map((delivery) => ({ delivery, place: placeOf(delivery) }))
    .toSorted((a, b) => compare(a.place, b.place))
    .map(({ delivery }) => delivery);
}

type Place = (string | number)[];

/** What the order goes by, most important first. A trip's stops are in order: all pick-ups, then the drop-offs. */
function placeOf({ id, state, assignedAt, requestedAt, trip }: Carried): Place {
  const stops = trip?.stops ?? [];
  const next = TO_PICKUP.has(state) ? 'PICKUP' : 'DROPOFF';
  const at = stops.findIndex(({ stop, deliveryIds }) => stop === next && deliveryIds.includes(id));
  const back = state === 'RETURNING';
  return [assignedAt ?? requestedAt, trip?.id ?? id, back ? stops.length : at, stops[at]?.deliveryIds.indexOf(id) ?? 0];
}

function compare(a: Place, b: Place): number {
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs < 0 ? 0 : (a[differs] ?? 0) < (b[differs] ?? 0) ? -1 : 1;
}
