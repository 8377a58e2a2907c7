/** One order as it happens: map, arrival, timeline. The same for its customer and for whoever has its link. */
import type { Tracking } from '../api/types';
import { CityMap } from '../map/Map';
import { Marker, type Movement, MovingDriver, Path } from '../map/Marker';
import type { Config, Point } from '../platform/config';
import { moment, say, sayValue } from '../platform/messages';
import { Arrival } from './Arrival';
import { Timeline } from './Timeline';
import { ENDED, STEPS, stepOf } from './steps';

interface Props {
  config: Config;
  tracking: Tracking;
  movement: (Movement & { expectedArrivalAt?: string | null }) | null;
  /** What its customer was promised. */
  promisedAt?: string | null;
}

export function Watched({ config, tracking, movement, promisedAt }: Props) {
  const { status, reason, pickup, dropoff } = tracking;
  const over = ENDED.has(status);
  const stops = pickup && (
    <>
      <Marker kind="merchant" at={pickup} label={say('watch.merchant')} />
      {dropoff && <Marker kind="home" at={dropoff} label={say('watch.home')} />}
    </>
  );
  return (
    <>
      <section class="card now" aria-live="polite">
        <h2>{sayValue('status', status)}</h2>
        {reason && <p class="why">{sayValue('reason', reason)}</p>}
        <Steps status={status} />
        {!over && status !== 'ARRIVED_AT_DROPOFF' && <Expected tracking={tracking} movement={movement} />}
        {!over && promisedAt && <p class="hint">{say('watch.promised', { time: moment(promisedAt) })}</p>}
      </section>
      {pickup && (
        <CityMap config={config.map} label={say('watch.map')} focus={seen(pickup, dropoff, movement?.position)}>
          {movement && !over ? (
            <MovingDriver movement={movement} label={say('watch.driver')} from={pickup} to={dropoff ?? null}>{stops}</MovingDriver>
          ) : (
            <>
              {dropoff && !over && <Path points={[pickup, dropoff]} kind="map-path-plan" />}
              {stops}
            </>
          )}
        </CityMap>
      )}
      {tracking.timeline.length > 0 && (
        <section class="card">
          <h2>{say('watch.timeline')}</h2>
          <Timeline entries={tracking.timeline} />
        </section>
      )}
    </>
  );
}

function seen(...points: (Point | null | undefined)[]): Point[] {
  return points.filter((point) => point !== null && point !== undefined);
}

function Expected({ tracking, movement }: Pick<Props, 'tracking' | 'movement'>) {
  const arrival = movement?.expectedArrivalAt ?? tracking.expectedDropoffAt;
  if (arrival) {
    return <Arrival at={arrival} label={say('watch.arrives')} />;
  }
  return tracking.expectedReadyAt ? <Arrival at={tracking.expectedReadyAt} label={say('watch.ready')} /> : null;
}

function Steps({ status }: { status: string }) {
  const reached = stepOf(status);
  return (
    <ol class="steps" aria-hidden="true">
      {STEPS.map((step, index) => <li key={step} class={index <= reached ? 'done' : ''}>{say(step)}</li>)}
    </ol>
  );
}
