/** One order's chain of events with what each consumer did with each, and what can be done about it. */
import { useState } from 'preact/hooks';
import type { Alert, Connection, OfferDecision, Tracking } from '../api/types';
import { ask, read } from '../platform/api';
import { useRepeated, useSettling } from '../platform/hooks';
import { type Key, distance, say, sayValue } from '../platform/messages';
import { sayProblem } from '../platform/problems';
import { ENDED } from '../ui/steps';
import { WaysBack } from './FailureQueues';
import type { BoardDelivery } from './fleet';
import { ORDER_CHAIN, REASSIGN, UPDATE_ORDER_STATUS } from './operations';
import { type Report, byEvent } from './reports';
import type { Failures } from './use_failures';
import { type Reports, useReports } from './use_reports';

interface Props {
  id: string;
  delivery: BoardDelivery | null;
  failures: Failures;
  done: () => void;
  close: () => void;
}

const ASK_EVERY_MS = 10_000;
const SETTLES_MS = [500, 3_000];
const BAD = new Set(['failed', 'parked']);
const BEFORE_PICKUP = new Set(['ASSIGNED', 'ARRIVED_AT_PICKUP']);
const CANCELLABLE = new Set(['PENDING', 'CONFIRMED', 'READY', 'ASSIGNED', 'ARRIVED_AT_PICKUP']);

export function OrderPanel({ id, delivery, failures, done, close }: Props) {
  const [tracking, setTracking] = useState<Tracking | null>(null);
  const [alerts, setAlerts] = useState<Alert[]>([]);
  const [said, setSaid] = useState('');
  const look = useRepeated(async () => {
    const found = await read<{ tracking: Tracking; alerts: Connection<Alert> }>(ORDER_CHAIN, { id }).catch(() => null);
    if (found) {
      setTracking((known) => found.tracking ?? known);
      setAlerts((known) => found.alerts?.edges.map(({ node }) => node) ?? known);
    }
  }, ASK_EVERY_MS);
  useSettling(look, delivery?.sequence, SETTLES_MS);
  const reports = useReports(id, tracking?.timeline ?? [], failures.sentBack);
  const act = async (work: () => Promise<unknown>, what: Key) => {
    try {
      await work();
      setSaid(say(what));
    } catch (problem) {
      setSaid(sayProblem(problem));
    }
    look();
    done();
  };
  const driverId = delivery?.driverId;
  return (
    <section class="card panel" aria-labelledby="chosen">
      <header class="row">
        <h2 id="chosen" class="grow">{say('panel.order', { id: id.slice(0, 8) })}</h2>
        <button type="button" class="quiet" onClick={close}>{say('panel.close')}</button>
      </header>
      {tracking && <p class="tag tag-on">{delivery ? sayValue('state', delivery.state) : sayValue('status', tracking.status)}</p>}
      <div class="row">
        {driverId && delivery && BEFORE_PICKUP.has(delivery.state) && (
          <button type="button" onClick={() => void act(() => ask(REASSIGN, { deliveryId: id, fromDriverId: driverId }), 'panel.reassigned')}>{say('panel.reassign')}</button>
        )}
        {tracking && CANCELLABLE.has(tracking.status) && (
          <button type="button" class="danger" onClick={() => void act(() => ask(UPDATE_ORDER_STATUS, { orderId: id, status: 'CANCELLED' }), 'panel.cancelled')}>{say('panel.cancel')}</button>
        )}
        {tracking?.status === 'CONFIRMED' && (
          <button type="button" onClick={() => void act(() => ask(UPDATE_ORDER_STATUS, { orderId: id, status: 'READY' }), 'panel.madeReady')}>{say('panel.ready')}</button>
        )}
      </div>
      <p role="status" class="hint">{said}</p>
      {tracking && <Chain tracking={tracking} alerts={alerts} reports={reports} />}
      <h3>{say('failures.title')}</h3>
      <WaysBack failures={failures} />
      <p class="hint">{say('panel.more')}</p>
      <pre tabIndex={0}>{`delivery trace ${id}\ndelivery failures list`}</pre>
      {tracking && ENDED.has(tracking.status) && <p class="hint">{say('panel.over')}</p>}
    </section>
  );
}

/** Who published an event, and the event of this order that led to it; a request of somebody's is not on the timeline. */
function because({ timeline }: Tracking, producer: string | null | undefined, causedBy: string | null | undefined): string {
  const service = producer?.replace('delivery.', '') ?? '';
  const cause = timeline.find(({ id }) => id === causedBy);
  return cause ? say('panel.because', { service, cause: cause.type }) : service;
}

function Chain({ tracking, alerts, reports }: { tracking: Tracking; alerts: Alert[]; reports: Reports }) {
  const told = byEvent(reports.told, tracking.timeline);
  const began = Date.parse(tracking.timeline[0]?.at ?? '');
  return (
    <ol class="timeline chain">
      {tracking.timeline.map(({ id, type, reason, at, producer, causedBy }) => (
        <li key={id}>
          <time dateTime={at}>+{((Date.parse(at) - began) / 1000).toFixed(1)} s</time>
          <span>
            <code>{type}</code>
            <small>{because(tracking, producer, causedBy)}</small>
            {reason && <small>{sayValue('reason', reason)}</small>}
            {told.get(id)?.map((report) => <Told key={`${report.consumer} ${report.partner} ${report.at} ${report.outcome}`} report={report} since={at} />)}
            {alerts.filter(({ eventId }) => eventId === id).map((alert) => (
              <small key={alert.id} class={alert.state === 'FAILED' ? 'bad' : ''}>
                → {alert.channel.toLowerCase()} {alert.audience.toLowerCase()}: {alert.state.toLowerCase()}{alert.reason && ` (${alert.reason.toLowerCase()})`}
              </small>
            ))}
          </span>
        </li>
      ))}
      {!reports.complete && <li><small class="bad">{say('panel.incomplete')}</small></li>}
    </ol>
  );
}

/** What a consumer did with an event that happened at `since`. */
function Told({ report, since }: { report: Report; since: string }) {
  const { consumer, partner, outcome, reason, decision, at } = report;
  if (decision) {
    return <Decision decision={decision} />;
  }
  const later = Math.max(0, (Date.parse(at) - Date.parse(since)) / 1000);
  return (
    <small class={BAD.has(outcome) ? 'bad' : ''} lang="en">
      → {consumer.replace('-inbox', '')}{partner && ` ${partner}`}: {outcome} +{later.toFixed(1)} s{reason && ` (${reason})`}
    </small>
  );
}

/** Why the trip was offered to its driver, and who else was thought of; the planner's own words are English. */
function Decision({ decision }: { decision: OfferDecision }) {
  const { driverId, decided, deliveries, metres, leavesWhenFree, considered } = decision;
  return (
    <>
      <small>
        {say('panel.offeredTo', { driver: short(driverId), orders: deliveries, way: distance(metres) })}
        {leavesWhenFree && ` ${say('panel.whenFree')}`}{decided && <span lang="en">: {decided}</span>}
      </small>
      {considered.map(({ driverId: other, costsMoreSeconds, because: reason }) => (
        <small key={other}>
          {costsMoreSeconds === null
            ? say('panel.impossible', { driver: short(other) })
            : say('panel.instead', { driver: short(other), more: `${costsMoreSeconds < 0 ? '' : '+'}${costsMoreSeconds}` })}
          <span lang="en">: {reason}</span>
        </small>
      ))}
    </>
  );
}

function short(driverId: string): string {
  return driverId.slice(0, 8);
}
