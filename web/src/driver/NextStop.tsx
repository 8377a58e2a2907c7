/** The next thing to do with what is carried, as one big button, and the ways out. */
import { useState } from 'preact/hooks';
import { metres } from '../map/projection';
import type { Point } from '../platform/config';
import { type Key, clock, distance, say, sayValue } from '../platform/messages';
import type { Name } from './actions';
import { type Carried, nextStop } from './carried';
import { HandOver } from './HandOver';
import type { Take } from './use_actions';

interface Props {
  delivery: Carried;
  at: Point | null;
  take: Take;
}

interface Step {
  name: Name;
  label: Key;
  more?: Record<string, unknown>;
}

const STEPS: Record<string, Step> = {
  ASSIGNED: { name: 'ARRIVE', label: 'stop.atMerchant', more: { stop: 'PICKUP' } },
  ARRIVED_AT_PICKUP: { name: 'PICK_UP', label: 'stop.pickedUp' },
  PICKED_UP: { name: 'ARRIVE', label: 'stop.atCustomer', more: { stop: 'DROPOFF' } },
  RETURNING: { name: 'RETURNED', label: 'stop.returned' },
};

const HEADINGS: Record<string, Key> = {
  ASSIGNED: 'stop.toMerchant',
  ARRIVED_AT_PICKUP: 'stop.merchant',
  ARRIVED_AT_DROPOFF: 'stop.door',
  RETURNING: 'stop.back',
};
const HERE_METRES = 30;

export function NextStop({ delivery, at, take }: Props) {
  const { id, state, order, expectedReadyAt, readyAt } = delivery;
  const step = STEPS[state];
  const stop = nextStop(delivery);
  const left = at && stop ? metres(at, stop) : 0;
  const toMerchant = state === 'ASSIGNED' || state === 'ARRIVED_AT_PICKUP';
  return (
    <section class="card stop" aria-labelledby="next">
      <h2 id="next">{say(HEADINGS[state] ?? 'stop.customer', { merchant: order?.merchant?.name ?? say('watch.merchant') })}</h2>
      {left > HERE_METRES && <p class="far">{say('stop.away', { distance: distance(left) })}</p>}
      {toMerchant ? (
        <>
          <p>{readyAt ? say('stop.ready') : expectedReadyAt && say('stop.readyAbout', { time: clock(expectedReadyAt) })}</p>
          <ul class="lines">{order?.lines.map((line) => <li key={line.name}>{line.quantity} × {line.name}</li>)}</ul>
        </>
      ) : (
        <p class="address">{order?.address}{order?.note && <small>{order.note}</small>}</p>
      )}
      {step && (
        <button type="button" class="main big" onClick={() => void take(step.name, { deliveryId: id, ...step.more })}>{say(step.label)}</button>
      )}
      {state === 'ARRIVED_AT_DROPOFF' && <HandOver deliveryId={id} take={take} />}
      <WayOut state={state} deliveryId={id} take={take} />
    </section>
  );
}

const REASONS = ['RECIPIENT_ABSENT', 'ADDRESS_NOT_FOUND', 'RECIPIENT_REFUSED', 'DAMAGED'];

function WayOut({ state, deliveryId, take }: { state: string; deliveryId: string; take: Take }) {
  const [asked, setAsked] = useState(false);
  if (state === 'RETURNING') {
    return null;
  }
  if (state === 'ASSIGNED' || state === 'ARRIVED_AT_PICKUP') {
    return <button type="button" class="quiet" onClick={() => void take('DROP_OUT', { deliveryId })}>{say('stop.dropOut')}</button>;
  }
  if (!asked) {
    return <button type="button" class="quiet" onClick={() => setAsked(true)}>{say('stop.cannot')}</button>;
  }
  return (
    <div class="row" role="group" aria-label={say('stop.cannot')}>
      {REASONS.map((reason) => (
        <button type="button" key={reason} onClick={() => void take('START_RETURN', { deliveryId, reason })}>{sayValue('reason', reason)}</button>
      ))}
    </div>
  );
}
