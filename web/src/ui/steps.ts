/** An order's way in five steps, as a progress bar shows it. */
import type { Key } from '../platform/messages';

export const STEPS: Key[] = ['step.placed', 'step.confirmed', 'step.driver', 'step.onTheWay', 'step.delivered'];
export const ENDED = new Set(['DELIVERED', 'CANCELLED', 'REJECTED', 'FAILED']);

const REACHED: Record<string, number> = {
  PENDING: 0,
  CONFIRMED: 1,
  READY: 1,
  ASSIGNED: 2,
  ARRIVED_AT_PICKUP: 2,
  PICKED_UP: 3,
  ARRIVED_AT_DROPOFF: 3,
  DELIVERED: 4,
};

/** How many steps were taken, from 0; -1 for an order that came to nothing. */
export function stepOf(status: string): number {
  return REACHED[status] ?? -1;
}
