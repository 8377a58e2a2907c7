import { useRef, useState } from 'preact/hooks';
import type { Delivery, Driver, FleetChange } from '../api/types';
import { useRepeated, useSubscription, useWatching } from '../platform/hooks';
import { all } from '../platform/pages';
import { type Fleet, NOTHING, changed, loaded } from './fleet';
import { NO_FLOW, type Flow, counted } from './flow';
import { DELIVERIES, DRIVERS, ON_FLEET_CHANGED } from './operations';

const ASK_EVERY_MS = 4_000;
const ASK_LIVE_MS = 30_000; // what could not be told is never told again

export function useFleet(): { fleet: Fleet; live: boolean; flow: Flow; look: () => void } {
  const known = useRef(NOTHING);
  const flow = useRef(NO_FLOW);
  const [fleet, setFleet] = useState(NOTHING);
  const put = (next: Fleet) => {
    known.current = next;
    setFleet(next);
  };
  const live = useSubscription<FleetChange>(ON_FLEET_CHANGED, {}, {
    next(change) {
      const next = changed(known.current, change);
      flow.current = counted(flow.current, change, next.deliveries.size - known.current.deliveries.size);
      put(next);
    },
    live: () => look(),
  }, useWatching());
  const look = useRepeated(async () => {
    const found = await Promise.all([all<Driver>(DRIVERS), all<Delivery>(DELIVERIES)]).catch(() => null);
    if (found) {
      put(loaded(known.current, ...found));
    }
  }, live ? ASK_LIVE_MS : ASK_EVERY_MS);
  return { fleet, live, flow: flow.current, look };
}
