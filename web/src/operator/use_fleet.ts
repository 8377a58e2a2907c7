import { useRef, useState } from 'preact/hooks';
import type { Delivery, Driver, FleetChange } from '../api/types';
import { useRepeated, useSubscription } from '../platform/hooks';
import { all } from '../platform/pages';
import { type Fleet, NOTHING, changed, loaded } from './fleet';
import { DELIVERIES, DRIVERS, ON_FLEET_CHANGED } from './operations';

const ASK_EVERY_MS = 4_000;
const ASK_LIVE_MS = 30_000; // what could not be told is never told again
const WINDOW_MS = 10_000;

export interface Flow {
  /** When each change of a driver and of a delivery came in, within the last ten seconds. */
  drivers: number[];
  deliveries: number[];
}

export function useFleet(): { fleet: Fleet; live: boolean; flow: Flow; look: () => void } {
  const [fleet, setFleet] = useState(NOTHING);
  const flow = useRef<Flow>({ drivers: [], deliveries: [] });
  const live = useSubscription<FleetChange>(ON_FLEET_CHANGED, {}, {
    next(change) {
      flow.current = counted(flow.current, change.driver ? 'drivers' : 'deliveries');
      setFleet((known) => changed(known, change));
    },
    live: () => look(),
  });
  const look = useRepeated(async () => {
    const found = await Promise.all([all<Driver>(DRIVERS), all<Delivery>(DELIVERIES)]).catch(() => null);
    if (found) {
      setFleet((known) => loaded(known, ...found));
    }
  }, live ? ASK_LIVE_MS : ASK_EVERY_MS);
  return { fleet, live, flow: flow.current, look };
}

function counted(flow: Flow, kind: keyof Flow): Flow {
  const now = Date.now();
  const recent = (times: number[]) => times.filter((time) => now - time < WINDOW_MS);
  const next = { drivers: recent(flow.drivers), deliveries: recent(flow.deliveries) };
  next[kind].push(now);
  return next;
}

/** A second, over the last ten. */
export function perSecond(times: number[], now: number): number {
  return times.filter((time) => now - time < WINDOW_MS).length / (WINDOW_MS / 1000);
}
