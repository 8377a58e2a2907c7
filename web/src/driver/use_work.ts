/** What is offered to the driver and what the driver carries, told as it changes. */
import { useState } from 'preact/hooks';
import type { Connection, Driver, Money, Offer } from '../api/types';
import { Refused, ask, read } from '../platform/api';
import type { Point } from '../platform/config';
import { useRepeated, useSettling, useSubscription } from '../platform/hooks';
import type { Action } from './actions';
import { assumed } from './assumed';
import { type Carried, type Done, isOpen } from './carried';
import { doneSince, today } from './earned';
import { MORE_DONE, MY_WORK, ON_DELIVERY_OFFERED, ON_MY_DELIVERIES, REGISTER_DRIVER } from './operations';

export interface Offered {
  id: string;
  pickup: Point;
  offer: Offer;
  trip: { deliveryIds: string[]; pay: Money };
}

interface Change {
  offerId: string;
  kind: string;
}

type Answer = {
  myDriver: Pick<Driver, 'onDuty'>;
  myOffers: Connection<Offered>;
  myDeliveries: Connection<Carried>;
  myDoneDeliveries: Connection<Done>;
};

interface Work {
  known: boolean;
  live: boolean;
  onDuty: boolean;
  offers: Offered[];
  deliveries: Carried[];
  /** Today. */
  done: Done[];
}

const ASK_EVERY_MS = 1_500;
const ASK_LIVE_MS = 60_000; // what could not be told is never told again
const SETTLES_MS = [0, 1_500];
const ARRIVED_MS = [1_000, 4_000]; // tracking makes an arrival of the report, and dispatch hears of it
const VEHICLE = 'BICYCLE';

/** `settled` counts the driver's steps that were answered, `arrivals` the stops that the phone reported to be at. */
export function useWork(user: string, waiting: Action[], settled: number, arrivals: number): Work {
  const [driver, setDriver] = useState<Pick<Driver, 'onDuty'> | null>(null);
  const [offers, setOffers] = useState<Offered[]>([]);
  const [deliveries, setDeliveries] = useState<Carried[]>([]);
  const [done, setDone] = useState<Done[]>([]);
  const offered = useSubscription<Change>(ON_DELIVERY_OFFERED, { driverId: user }, {
    next(change) {
      if (change.kind !== 'OFFERED') {
        setOffers((known) => known.filter(({ offer }) => offer.id !== change.offerId));
      }
      look(); // the trip as a whole: a change tells of one of its orders
    },
    live: () => look(),
  });
  const carried = useSubscription(ON_MY_DELIVERIES, { driverId: user }, { next: () => look(), live: () => look() });
  const live = offered && carried;
  // Orders shows the address once it has heard who carries the order.
  const complete = deliveries.every((delivery) => !isOpen(delivery) || delivery.order);
  const again = () => look(); // for who was not a driver yet
  const look = useRepeated(async () => {
    const found = await read<Answer>(MY_WORK).catch(async (refused: unknown) => {
      if (refused instanceof Refused && refused.kind === 'NotFound') {
        await ask(REGISTER_DRIVER, { vehicle: VEHICLE }).then(again, () => undefined);
      }
      return null;
    });
    if (found?.myDriver) {
      setDriver(found.myDriver);
      setOffers(nodes(found.myOffers));
      setDeliveries(nodes(found.myDeliveries));
      // What cannot be read in full stays as it was known.
      await (found.myDoneDeliveries && doneSince(today(), found.myDoneDeliveries, moreDone).then(setDone, () => undefined));
    }
  }, live && complete ? ASK_LIVE_MS : ASK_EVERY_MS);
  useSettling(look, settled, SETTLES_MS);
  useSettling(look, arrivals, ARRIVED_MS);
  const answered = new Set(waiting.filter(({ name }) => name.endsWith('_OFFER')).map(({ variables }) => variables['offerId']));
  const duty = waiting.findLast(({ name }) => name.endsWith('_DUTY'));
  return {
    known: driver !== null,
    live,
    onDuty: duty ? duty.name === 'GO_ON_DUTY' : (driver?.onDuty ?? false),
    offers: offers.filter(({ offer }) => !answered.has(offer.id)),
    deliveries: assumed(deliveries, waiting),
    done,
  };
}

function moreDone(after: string): Promise<Connection<Done>> {
  return ask(MORE_DONE, { after });
}

function nodes<T>(list: Connection<T> | null): T[] {
  return list ? list.edges.map(({ node }) => node) : [];
}
