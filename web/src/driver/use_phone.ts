import { useEffect, useRef, useState } from 'preact/hooks';
import type { Config, Point } from '../platform/config';
import { type Positions, Reporter, positionsOf } from './phone';

/** Where the phone is, reported while its driver is on duty. `stop`: where the driver goes next. */
export function usePhone(config: Config, onDuty: boolean, stop: Point | null): { at: Point | null } {
  const [at, setAt] = useState<Point | null>(null);
  const [positions, setPositions] = useState<Positions | null>(null);
  const reporter = useRef(new Reporter());
  useEffect(() => void positionsOf(config).then(setPositions), [config]);
  useEffect(
    () =>
      positions?.watch((fix) => {
        setAt((known) => (known?.lat === fix.lat && known.lng === fix.lng ? known : { lat: fix.lat, lng: fix.lng }));
        reporter.current.add(fix);
      }),
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
  return { at };
}
