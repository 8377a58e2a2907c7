/** What is offered to the driver and what the driver carries, told as it changes. */
import { useState } from 'preact/hooks';
import type { Connection, Driver, Offer } from '../api/types';
import { ask } from '../platform/api';
import type { Point } from '../platform/config';
import { useRepeated, useSettling, useSubscription } from '../platform/hooks';
import type { Action } from './actions';
import { assumed } from './assumed';
import { type Carried, isOpen } from './carried';
import { MY_DELIVERIES, MY_OFFERS, ON_DELIVERY_OFFERED, ON_MY_DELIVERIES, REGISTER_DRIVER } from './operations';

export interface Offered {
  id: string;
  pickup: Point;
  expectedReadyAt: string | null;
  expectedDropoffAt: string | null;
  offer: Offer;
}

interface Change {
  deliveryId: string;
  offerId: string;
  kind: string;
  expiresAt: string;
  toPickupMetres: number;
  toDropoffMetres: number;
  pickup: Point;
}

interface Work {
  known: boolean;
  live: boolean;
  onDuty: boolean;
  offers: Offered[];
  deliveries: Carried[];
}

const ASK_EVERY_MS = 1_500;
const ASK_LIVE_MS = 30_000; // what could not be told is never told again
const VEHICLE = 'BICYCLE';

export function useWork(user: string, waiting: Action[], settled: number): Work {
  const [driver, setDriver] = useState<Pick<Driver, 'onDuty'> | null>(null);
  const [offers, setOffers] = useState<Offered[]>([]);
  const [deliveries, setDeliveries] = useState<Carried[]>([]);
  const offered = useSubscription<Change>(ON_DELIVERY_OFFERED, { driverId: user }, {
    next(change) {
      setOffers((known) => withChange(known, change, user));
      if (change.kind !== 'OFFERED') {
        look();
      }
    },
    live: () => look(),
  });
  const carried = useSubscription(ON_MY_DELIVERIES, { driverId: user }, { next: () => look(), live: () => look() });
  const live = offered && carried;
  // Orders shows the address once it has heard who carries the order.
  const complete = deliveries.every((delivery) => !isOpen(delivery) || delivery.order);
  const look = useRepeated(async () => {
    const [open, own, self] = await Promise.allSettled([
      ask<Connection<Offered>>(MY_OFFERS),
      ask<Connection<Carried>>(MY_DELIVERIES),
      ask<Driver>(REGISTER_DRIVER, { vehicle: VEHICLE }),
    ]);
    if (open.status === 'fulfilled') {
      setOffers(nodes(open.value));
    }
    if (own.status === 'fulfilled') {
      setDeliveries(nodes(own.value));
    }
    if (self.status === 'fulfilled') {
      setDriver(self.value);
    }
  }, live && complete ? ASK_LIVE_MS : ASK_EVERY_MS);
  useSettling(look, settled);
  const answered = new Set(waiting.filter(({ name }) => name.endsWith('_OFFER')).map(({ variables }) => variables['offerId']));
  const duty = waiting.findLast(({ name }) => name.endsWith('_DUTY'));
  return {
    known: driver !== null,
    live,
    onDuty: duty ? duty.name === 'GO_ON_DUTY' : (driver?.onDuty ?? false),
    offers: offers.filter(({ offer }) => !answered.has(offer.id)),
    deliveries: assumed(deliveries, waiting),
  };
}

function nodes<T>({ edges }: Connection<T>): T[] {
  return edges.map(({ node }) => node);
}

function withChange(known: Offered[], change: Change, driverId: string): Offered[] {
  const others = known.filter(({ offer }) => offer.id !== change.offerId);
  if (change.kind !== 'OFFERED') {
    return others;
  }
  const { deliveryId, offerId, expiresAt, toPickupMetres, toDropoffMetres, pickup } = change;
  const offer = { id: offerId, driverId, expiresAt, toPickupMetres, toDropoffMetres };
  return [...others, { id: deliveryId, pickup, expectedReadyAt: null, expectedDropoffAt: null, offer }];
}

