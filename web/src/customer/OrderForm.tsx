/** An order to be placed: from whom, what, and where to. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Merchant } from '../api/types';
import { CityMap } from '../map/Map';
import { Marker } from '../map/Marker';
import { metres } from '../map/projection';
import { ask } from '../platform/api';
import type { Config, Point } from '../platform/config';
import { all } from '../platform/pages';
import { distance, money, say } from '../platform/messages';
import { sayProblem } from '../platform/problems';
import { Dishes } from './Dishes';
import { CREATE_ORDER, MERCHANTS } from './operations';
import { type Basket, type Dish, linesOf, totalOf } from './basket';

const HOME = 'delivery.home';
const AGAIN_MS = 3_000; // after no answer

interface Home {
  at: Point;
  address: string;
}

export function OrderForm({ config, placed }: { config: Config; placed: (id: string) => void }) {
  const merchants = useMerchants();
  const dishes = useMenu();
  const [merchantId, setMerchantId] = useState('');
  const [basket, setBasket] = useState<Basket>({});
  const [home, setHome] = useState<Home>(() => remembered() ?? { at: config.map.centre, address: '' });
  const [problem, setProblem] = useState('');
  const [nowhere, setNowhere] = useState(false);
  const [busy, setBusy] = useState(false);
  // Drawn once: sent again after a lost answer, it is the same order.
  const id = useRef(crypto.randomUUID());
  const merchant = merchants.find((each) => each.id === merchantId);
  const lines = linesOf(basket, dishes);
  const far = merchant ? metres(merchant.place, home.at) > merchant.deliveryRadiusMetres : false;
  const focus = useMemo(() => [home.at, ...(merchant ? [merchant.place] : merchants.map(({ place }) => place))], [merchant, merchants.length]);

  const here = () => locate((at) => { setHome({ ...home, at }); setNowhere(false); }, () => setNowhere(true));
  const place = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!merchant || !lines.length) {
      setProblem(say(merchant ? 'form.chooseDish' : 'form.chooseMerchant'));
      return;
    }
    setBusy(true);
    setProblem('');
    localStorage.setItem(HOME, JSON.stringify(home));
    const total = { amount: totalOf(lines), currency: merchant.currency };
    const input = { id: id.current, merchantId, lines, total, dropoff: home.at, address: home.address };
    try {
      await ask(CREATE_ORDER, { input });
      placed(id.current);
    } catch (error) {
      setProblem(sayProblem(error));
      setBusy(false);
    }
  };
  return (
    <form class="order" onSubmit={(event) => void place(event)}>
      <a class="back" href="#">{say('customer.back')}</a>
      <CityMap config={config.map} label={say('form.map')} focus={focus} onPick={(at) => setHome({ ...home, at })}>
        {merchants.map((each) => (
          <Marker
            key={each.id} kind="merchant" at={each.place} label={each.name} tone={each.id === merchantId ? 'chosen' : ''}
            onPress={() => setMerchantId(each.id)}
          />
        ))}
        <Marker kind="pin" at={home.at} label={say('watch.home')} />
      </CityMap>
      <section class="card">
        <h2>{say('form.where')}</h2>
        <p class="hint">{say('form.whereHint')}</p>
        <label>{say('form.address')}
          <input required maxLength={200} autocomplete="street-address" value={home.address} onInput={(event) => setHome({ ...home, address: event.currentTarget.value })} />
        </label>
        <button type="button" onClick={here}>{say('form.locate')}</button>
        {nowhere && <p class="problem" role="alert">{say('form.nowhere')}</p>}
      </section>
      <section class="card">
        <h2>{say('form.from')}</h2>
        <label>{say('form.merchant')}
          <select required value={merchantId} onChange={(event) => setMerchantId(event.currentTarget.value)}>
            <option value="">{say('form.choose')}</option>
            {merchants.map((each) => <option key={each.id} value={each.id}>{each.name} · {distance(metres(each.place, home.at))}</option>)}
          </select>
        </label>
        {far && <p class="problem">{say('form.tooFar')}</p>}
        {merchant && <Dishes dishes={dishes} currency={merchant.currency} basket={basket} change={setBasket} />}
      </section>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <button class="main big" disabled={busy || far}>
        {say('form.place')}{merchant && lines.length > 0 && ` · ${money({ amount: totalOf(lines), currency: merchant.currency })}`}
      </button>
    </form>
  );
}

function useMerchants(): Merchant[] {
  const [merchants, setMerchants] = useState<Merchant[]>([]);
  useEffect(() => {
    let again: ReturnType<typeof setTimeout>;
    const look = () => void all<Merchant>(MERCHANTS).then(setMerchants, () => { again = setTimeout(look, AGAIN_MS); });
    look();
    return () => clearTimeout(again);
  }, []);
  return merchants;
}

function useMenu(): Dish[] {
  const [dishes, setDishes] = useState<Dish[]>([]);
  useEffect(() => {
    void fetch('/menu.json').then(async (answer) => setDishes(((await answer.json()) as { dishes: Dish[] }).dishes));
  }, []);
  return dishes;
}

function remembered(): Home | null {
  const kept = localStorage.getItem(HOME);
  return kept ? (JSON.parse(kept) as Home) : null;
}

function locate(found: (at: Point) => void, refused: () => void): void {
  navigator.geolocation.getCurrentPosition(({ coords }) => found({ lat: coords.latitude, lng: coords.longitude }), refused);
}
