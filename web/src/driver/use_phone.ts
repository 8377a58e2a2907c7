import { useEffect, useRef, useState } from 'preact/hooks';
import { metres } from '../map/projection';
import type { Config, Point } from '../platform/config';
import { type Positions, Reporter, positionsOf } from './phone';

const AT_STOP_METRES = 30;

interface Phone {
  at: Point | null;
  /** It does not say where it is. */
  refuses: boolean;
}

/**
 * Where the phone is, reported while its driver is on duty. `stop`: where the driver goes next. `settled`: counts steps.
 * `arrived` is called once the platform was told that the driver is at the stop.
 */
export function usePhone(config: Config, onDuty: boolean, stop: Point | null, settled: number, arrived: () => void): Phone {
  const [at, setAt] = useState<Point | null>(null);
  const [refuses, setRefuses] = useState(false);
  const [positions, setPositions] = useState<Positions | null>(null);
  const reporter = useRef(new Reporter());
  useEffect(() => void positionsOf(config).then(setPositions), [config]);
  useEffect(
    () =>
      positions?.watch((fix) => {
        setAt((known) => (known?.lat === fix.lat && known.lng === fix.lng ? known : { lat: fix.lat, lng: fix.lng }));
        setRefuses(false);
        reporter.current.add(fix);
      }, () => setRefuses(true)),
    [positions],
  );
  useEffect(() => {
    if (!onDuty) {
      return undefined;
    }
    reporter.current.start();
    return () => reporter.current.stop();
  }, [onDuty]);
  useEffect(() => positions?.headFor(stop), [positions, stop?.lat, stop?.lng]);
  const there = at !== null && stop !== null && metres(at, stop) < AT_STOP_METRES;
  useEffect(() => {
    // At a stop and after each step, and not with the next batch: somebody waits for it, and the answer says how often
    // to report from now on.
    if (onDuty && (there || settled)) {
      void reporter.current.report().then(there ? arrived : undefined);
    }
  }, [onDuty, there, settled]);
  return { at, refuses };
}
