/** The driver's page, for a phone in one hand: duty, an offer when there is one, and the next thing to do. */
import { useState } from 'preact/hooks';
import { CityMap } from '../map/Map';
import { Marker, Path } from '../map/Marker';
import type { Refused } from '../platform/api';
import type { Config } from '../platform/config';
import { say, sayValue } from '../platform/messages';
import type { User } from '../platform/session';
import { Frame } from '../ui/Frame';
import { Earnings } from './Earnings';
import { NextStop } from './NextStop';
import { OfferCard } from './OfferCard';
import type { Action } from './actions';
import { inOrder, nextStop } from './carried';
import { useActions } from './use_actions';
import { usePhone } from './use_phone';
import { useWork } from './use_work';

export function DriverPage({ config, user }: { config: Config; user: User }) {
  const [problem, setProblem] = useState('');
  const { take, waiting, settled } = useActions(config, user.id, (action, refusal) => setProblem(refusal ? why(action, refusal) : ''));
  const [arrivals, setArrivals] = useState(0);
  const work = useWork(user.id, waiting, settled, arrivals);
  const [current, ...others] = inOrder(work.deliveries);
  const phone = usePhone(config, work.onDuty, current ? nextStop(current) : null, settled, () => setArrivals((count) => count + 1));
  const offer = work.offers[0];
  const seen = [phone.at, current?.pickup, current?.dropoff, current ? undefined : offer?.pickup].filter((point) => point !== null && point !== undefined);
  return (
    <Frame title={say('driver.title')} user={user} live={work.live}>
      <Duty onDuty={work.onDuty} known={work.known} ready={phone.at !== null} turn={(on) => void take(on ? 'GO_ON_DUTY' : 'GO_OFF_DUTY', on ? { position: phone.at } : {})} />
      {waiting.length > 0 && <p class="waiting" role="status">{say('driver.waiting', { count: waiting.length })}</p>}
      {phone.refuses && <p class="problem" role="alert">{say('driver.nowhere')}</p>}
      {problem && <p class="problem" role="alert">{problem}</p>}
      {offer && <OfferCard key={offer.offer.id} offer={offer} next={current !== undefined} take={take} />}
      {current && <NextStop key={current.id} delivery={current} at={phone.at} take={take} />}
      {others.length > 0 && <p class="hint">{say('driver.others', { count: others.length })}</p>}
      {!offer && !current && work.known && <p class="card empty">{say(work.onDuty ? 'driver.idle' : 'driver.off')}</p>}
      <CityMap config={config.map} label={say('driver.map')} focus={seen}>
        {phone.at && current && nextStop(current) && <Path points={[phone.at, nextStop(current) ?? phone.at]} kind="map-path-ahead" />}
        {current && <Marker kind="merchant" at={current.pickup} label={say('watch.merchant')} />}
        {!current && offer && <Marker kind="merchant" at={offer.pickup} label={say('watch.merchant')} />}
        {current?.dropoff && <Marker kind="home" at={current.dropoff} label={say('driver.customer')} />}
        {phone.at && <Marker kind="driver" at={phone.at} label={say('driver.you')} tone="self" />}
      </CityMap>
      <Earnings done={work.done} />
    </Frame>
  );
}

function why({ name }: Action, { kind }: Refused): string {
  return name === 'DELIVER' && kind === 'Invalid' ? say('proof.wrongPin') : sayValue('refusal', kind);
}

interface DutyProps {
  onDuty: boolean;
  known: boolean;
  ready: boolean;
  turn: (on: boolean) => void;
}

function Duty({ onDuty, known, ready, turn }: DutyProps) {
  return (
    <label class="card switch duty">
      <span class="grow">{say(onDuty ? 'driver.onDuty' : 'driver.offDuty')}</span>
      <input type="checkbox" role="switch" checked={onDuty} disabled={!known || (!ready && !onDuty)} onChange={(event) => turn(event.currentTarget.checked)} />
    </label>
  );
}
