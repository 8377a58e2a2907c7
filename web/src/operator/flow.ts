/** How much is going on: when each kind of thing happened within the last minute. */
import type { FleetChange } from '../api/types';

export interface Flow {
  /** Events that dispatch took in and that it published, as the changes tell that they made. */
  eventsIn: number[];
  eventsOut: number[];
  /** Deliveries that began, and that ended. */
  opened: number[];
  ended: number[];
}

export const NO_FLOW: Flow = { eventsIn: [], eventsOut: [], opened: [], ended: [] };

const MINUTE_MS = 60_000;

/** `more`: by how many deliveries more are open after the change. */
export function counted(flow: Flow, { eventsIn, eventsOut }: FleetChange, more: number): Flow {
  const now = Date.now();
  const next = (times: number[], happened: number) => [...times.filter((time) => now - time < MINUTE_MS), ...Array<number>(happened).fill(now)];
  return {
    eventsIn: next(flow.eventsIn, eventsIn ?? 0),
    eventsOut: next(flow.eventsOut, eventsOut ?? 0),
    opened: next(flow.opened, Math.max(0, more)),
    ended: next(flow.ended, Math.max(0, -more)),
  };
}

/** A second, over the last ten. */
export function perSecond(times: number[], now: number): number {
  return within(times, now, 10_000) / 10;
}

export function perMinute(times: number[], now: number): number {
  return within(times, now, MINUTE_MS);
}

function within(times: number[], now: number, span: number): number {
  return times.filter((time) => now - time < span).length;
}
