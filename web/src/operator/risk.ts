/** Which deliveries somebody should look at, the worst first. */
import type { Key } from '../platform/messages';
import type { BoardDelivery } from './fleet';

export interface Risk {
  /** How bad: seconds beyond what is in order, as the customer feels it. 0 is fine. */
  lateBy: number;
  why: Key | null;
}

// Seconds that each may take before somebody should look.
const SEARCH = 300;
const WAIT_AT_MERCHANT = 600;
const NOT_THERE = 300;

/** `timeScale`: by what the platform's durations are divided. */
export function risk(delivery: BoardDelivery, now: number, timeScale: number): Risk {
  const since = (at: string | null) => (at ? (now - Date.parse(at)) / 1000 : -Infinity);
  const late = since(delivery.expectedDropoffAt);
  const found: [number, Key][] = [
    [delivery.state === 'RETURNING' ? SEARCH / timeScale : 0, 'risk.returning'],
    [late, 'risk.late'],
    [delivery.driverId ? 0 : since(delivery.requestedAt) - SEARCH / timeScale, 'risk.noDriver'],
    // Whose driver is not heard of any more would stay so for ever: it is taken away from nobody by itself.
    [delivery.state === 'ASSIGNED' ? since(delivery.expectedPickupAt) - NOT_THERE / timeScale : 0, 'risk.notThere'],
    [delivery.state === 'ARRIVED_AT_PICKUP' ? since(delivery.expectedPickupAt) - WAIT_AT_MERCHANT / timeScale : 0, 'risk.waiting'],
  ];
  const [lateBy, why] = found.reduce((worst, each) => (each[0] > worst[0] ? each : worst));
  return lateBy > 0 ? { lateBy, why } : { lateBy: 0, why: null };
}
