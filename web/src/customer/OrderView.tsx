/** One order of the customer's: where it is, its PIN, a link for others, and cancelling while that is allowed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { DriverMovement, Order, Tracking } from '../api/types';
import { metres } from '../map/projection';
import { Refused, ask, read } from '../platform/api';
import type { Config } from '../platform/config';
import { useRepeated, useSettling, useSubscription, useWatching } from '../platform/hooks';
import { money, say, sayValue } from '../platform/messages';
import { Watched } from '../ui/Watched';
import { newer } from '../ui/newer';
import { ENDED, stepOf } from '../ui/steps';
import { CANCEL_ORDER, KEEP_WAITING, ON_DRIVER_MOVED, SHARE_TRACKING, WATCH_ORDER } from './operations';

const ASK_EVERY_MS = 3_000;
const ASK_LIVE_MS = 60_000; // what could not be told is never told again, and stops on the way change no order
const SETTLES_MS = [1_000, 3_500]; // orders tells, and tracking hears of it a moment later
// The driver reports often for 20 minutes after somebody began to watch.
const AT_DOOR_METRES = 100; // a bit more than what tracking takes for an arrival
const CANCELLABLE = new Set(['PENDING', 'CONFIRMED', 'READY', 'ASSIGNED']);
const SEARCHING = new Set(['CONFIRMED', 'READY']);
const CARRIED = new Set(['PICKED_UP', 'ARRIVED_AT_DROPOFF', 'RETURNING']);

interface Props {
  config: Config;
  id: string;
  /** Counts what the platform told about the customer's orders. */
  changes: number;
  live: boolean;
}

export function OrderView({ config, id, changes, live }: Props) {
  const [order, setOrder] = useState<Order | null>(null);
  const [tracking, setTracking] = useState<Tracking | null>(null);
  const [movement, setMovement] = useState<DriverMovement | null>(null);
  const [problem, setProblem] = useState('');
  const carried = tracking !== null && CARRIED.has(tracking.status);
  const watching = useWatching();
  const moving = useSubscription<DriverMovement>(ON_DRIVER_MOVED, carried ? { orderId: id } : null, {
    next: (news) => setMovement((known) => newer(known, news)),
    live: () => look(),
  }, watching);
  const look = useRepeated(async () => {
    try {
      const found = await read<{ order: Order; tracking: Tracking }>(WATCH_ORDER, { id });
      const told = found.tracking; // null until tracking has heard of the order
      setOrder((known) => found.order ?? known);
      setTracking((known) => (told && !(known && known.sequence > told.sequence) ? told : known));
    } catch (refused) {
      if (refused instanceof Refused && !refused.unheard) {
        setProblem(sayValue('refusal', refused.kind));
      }
    }
  }, pause(order, tracking, live && (moving || !carried), config.timeScale));
  useSettling(look, changes, SETTLES_MS);
  const atDoor = carried && movement && tracking.dropoff ? metres(movement.position, tracking.dropoff) < AT_DOOR_METRES : false;
  useSettling(look, atDoor, SETTLES_MS);
  const act = async (work: () => Promise<unknown>) => {
    setProblem('');
    await work().catch((error: unknown) => setProblem(sayValue('refusal', error instanceof Refused ? error.kind : 'NoAnswer')));
    look();
  };
  const shown = tracking ?? (order && ENDED.has(order.status) ? forgotten(order) : null);
  if (!order || !shown) {
    return problem ? (
      <>
        <a class="back" href="#">{say('customer.back')}</a>
        <p class="problem" role="alert">{problem}</p>
      </>
    ) : (
      <p class="empty" role="status">{say('loading')}</p>
    );
  }
  const cancel = CANCELLABLE.has(order.status) && (
    <button type="button" class="danger" disabled={order.cancelRequestedAt !== null} onClick={() => void act(() => ask(CANCEL_ORDER, { id }))}>
      {say(order.cancelRequestedAt ? 'order.cancelling' : 'order.cancel')}
    </button>
  );
  const asks = order.delayedAt !== null && order.cancelRequestedAt === null;
  return (
    <>
      <a class="back" href="#">{say('customer.back')}</a>
      {asks && <Choice wait={() => void act(() => ask(KEEP_WAITING, { id }))}>{cancel}</Choice>}
      <Watched config={config} tracking={shown} movement={carried ? (movement ?? asked(shown)) : null} promisedAt={order.promisedAt} />
      {order.handoverPin && !ENDED.has(order.status) && <Pin pin={order.handoverPin} />}
      <section class="card">
        <h2>{say('order.what', { merchant: order.merchant?.name ?? order.merchantId })}</h2>
        <ul class="lines">
          {order.lines.map((line) => <li key={line.name}>{line.quantity} × {line.name}</li>)}
        </ul>
        <p class="total"><span>{order.address}</span><strong>{money(order.total)}</strong></p>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <div class="row">
          {!ENDED.has(order.status) && <Share id={id} />}
          {!asks && cancel}
        </div>
      </section>
    </>
  );
}

/** How long to wait before asking again, milliseconds; null if there is nothing more to come. */
function pause(order: Order | null, tracking: Tracking | null, live: boolean, timeScale: number): number | null {
  if (order && !tracking && ENDED.has(order.status)) {
    return ASK_LIVE_MS;
  }
  if (!live || !order || !tracking || isBehind(order, tracking)) {
    return ASK_EVERY_MS;
  }
  if (ENDED.has(order.status)) {
    return null;
  }
  // That nobody was found in time is no change of the order; what is to be decided then has its time divided, too.
  return SEARCHING.has(order.status) ? Math.max(ASK_EVERY_MS, ASK_LIVE_MS / timeScale) : ASK_LIVE_MS;
}

/** An order that ended so long ago that tracking knows it no more. */
function forgotten({ id, status, reason, dropoff }: Order): Tracking {
  const never = { expectedReadyAt: null, expectedPickupAt: null, expectedDropoffAt: null, deliveredAt: null };
  return { orderId: id, status, reason, pickup: null, dropoff, position: null, ...never, timeline: [], sequence: 0 };
}

/** Tracking has yet to hear of what orders has told. */
function isBehind(order: Order, tracking: Tracking): boolean {
  if (ENDED.has(order.status)) {
    return !ENDED.has(tracking.status);
  }
  return tracking.status !== 'RETURNING' && stepOf(tracking.status) < stepOf(order.status);
}

/** The driver as `tracking` shows it, until the first movement is told. */
function asked({ position }: Tracking) {
  return position && { position, heading: position.heading, path: [] };
}

/** No driver was found for a long time: the search goes on, or the order ends. */
function Choice({ wait, children }: { wait: () => void; children: ComponentChildren }) {
  return (
    <section class="card choice" aria-labelledby="choice">
      <h2 id="choice" role="alert">{say('choice.title')}</h2>
      <p>{say('choice.ask')}</p>
      <div class="row">
        <button type="button" class="main" onClick={wait}>{say('choice.wait')}</button>
        {children}
      </div>
    </section>
  );
}

function Pin({ pin }: { pin: string }) {
  return (
    <section class="card pin">
      <h2>{say('order.pin')}</h2>
      <p class="digits" aria-label={pin.split('').join(' ')}>{pin}</p>
      <p>{say('order.pinFor')}</p>
    </section>
  );
}

function Share({ id }: { id: string }) {
  const [link, setLink] = useState('');
  const share = async () => {
    const { token } = await ask<{ token: string }>(SHARE_TRACKING, { id });
    const address = `${location.origin}/track#${token}`;
    setLink(address);
    await navigator.clipboard?.writeText(address).catch(() => undefined);
  };
  if (link) {
    return <label class="grow">{say('order.link')}<input readOnly value={link} onFocus={(event) => event.currentTarget.select()} /></label>;
  }
  return <button type="button" onClick={() => void share().catch(() => undefined)}>{say('order.share')}</button>;
}
