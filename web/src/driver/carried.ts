import type { Delivery, Money } from '../api/types';
import type { Point } from '../platform/config';

/** What the driver brought to its end, and earned with it. */
export interface Done {
  id: string;
  deliveredAt: string | null;
  pay: Money | null;
}

/** A delivery as its driver sees it. */
export interface Carried extends Omit<Delivery, 'offer' | 'zone' | 'driverId'> {
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

/** What is on board comes first, then what was ordered first. */
export function inOrder(deliveries: Carried[]): Carried[] {
  return deliveries
    .filter(isOpen)
    .toSorted((a, b) => Number(TO_PICKUP.has(a.state)) - Number(TO_PICKUP.has(b.state)) || a.requestedAt.localeCompare(b.requestedAt));
}
