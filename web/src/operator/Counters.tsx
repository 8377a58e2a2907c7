import { say, sayValue } from '../platform/messages';
import type { Fleet } from './fleet';
import { type Flow, perMinute, perSecond } from './flow';

interface Props {
  fleet: Fleet;
  atRisk: number;
  flow: Flow;
  now: number;
}

const DRIVERS = ['AVAILABLE', 'OFFERED', 'BUSY'];
const DELIVERIES = ['SEARCHING', 'OFFERED', 'ASSIGNED', 'ARRIVED_AT_PICKUP', 'PICKED_UP', 'ARRIVED_AT_DROPOFF', 'RETURNING'];

export function Counters({ fleet, atRisk, flow, now }: Props) {
  const drivers = [...fleet.drivers.values()].map(({ state }) => state);
  const deliveries = [...fleet.deliveries.values()].map(({ state }) => state);
  return (
    <div class="counters">
      <section class={atRisk ? 'counter counter-bad' : 'counter'} aria-label={say('operator.atRisk')}>
        <strong>{atRisk}</strong><span>{say('operator.atRisk')}</span>
      </section>
      <Group title={say('operator.drivers')} states={DRIVERS} found={drivers} kind="driver" />
      <Group title={say('operator.deliveries')} states={DELIVERIES} found={deliveries} kind="state" />
      <section class="group" aria-label={say('operator.throughput')}>
        <h2>{say('operator.throughput')}</h2>
        <dl>
          <div><dt>{say('operator.in')}</dt><dd>{perMinute(flow.opened, now)}</dd></div>
          <div><dt>{say('operator.out')}</dt><dd>{perMinute(flow.ended, now)}</dd></div>
          <div><dt>{say('operator.eventsIn')}</dt><dd>{perSecond(flow.eventsIn, now).toFixed(1)}</dd></div>
          <div><dt>{say('operator.eventsOut')}</dt><dd>{perSecond(flow.eventsOut, now).toFixed(1)}</dd></div>
        </dl>
      </section>
    </div>
  );
}

interface GroupProps {
  title: string;
  states: string[];
  found: string[];
  kind: 'driver' | 'state';
}

function Group({ title, states, found, kind }: GroupProps) {
  return (
    <section class="group" aria-label={title}>
      <h2>{title}</h2>
      <dl>
        {states.map((state) => (
          <div key={state} class={`of-${state.toLowerCase()}`}>
            <dt>{sayValue(kind, state)}</dt>
            <dd>{found.filter((each) => each === state).length}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
