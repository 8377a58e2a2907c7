/** How much is going on: when each kind of thing happened within the last minute. */
export interface Flow {
  /** Changes of drivers and of deliveries, as they were told. */
  changes: number[];
  /** Deliveries that began, and that ended. */
  opened: number[];
  ended: number[];
}

export const NO_FLOW: Flow = { changes: [], opened: [], ended: [] };

const MINUTE_MS = 60_000;

/** `more`: by how many deliveries more are open after the change. */
export function counted(flow: Flow, more: number): Flow {
  const now = Date.now();
  const next = (times: number[], happened: boolean) => [...times.filter((time) => now - time < MINUTE_MS), ...(happened ? [now] : [])];
  return {
    changes: next(flow.changes, true),
    opened: next(flow.opened, more > 0),
    ended: next(flow.ended, more < 0),
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
