/** The board's picture of all drivers and open deliveries. Pure: what is known and a change in, what is known then out. */
import type { Delivery, Driver, FleetChange } from '../api/types';

export type BoardDelivery = Omit<Delivery, 'offer'> & { offeredTo: string | null };

export interface Fleet {
  drivers: ReadonlyMap<string, Driver>;
  deliveries: ReadonlyMap<string, BoardDelivery>;
}

export const NOTHING: Fleet = { drivers: new Map(), deliveries: new Map() };
export const OVER = new Set(['DELIVERED', 'RETURNED', 'CANCELLED', 'UNASSIGNED']);

/** What was asked for, but for what is known to be newer. */
export function loaded(known: Fleet, drivers: Driver[], deliveries: Delivery[]): Fleet {
  return {
    drivers: new Map(drivers.map((each) => [each.id, newest(known.drivers.get(each.id), each)])),
    deliveries: new Map(
      deliveries.map(({ offer, ...each }) => [each.id, newest(known.deliveries.get(each.id), { ...each, offeredTo: offer?.driverId ?? null })]),
    ),
  };
}

export function changed(known: Fleet, { zone, driver, delivery }: FleetChange): Fleet {
  if (driver) {
    return { ...known, drivers: put(known.drivers, newest(known.drivers.get(driver.id), { ...driver, zone })) };
  }
  if (delivery) {
    const told = newest(known.deliveries.get(delivery.id), { ...delivery, zone: zone ?? '' });
    return { ...known, deliveries: OVER.has(told.state) ? without(known.deliveries, told.id) : put(known.deliveries, told) };
  }
  return known;
}

/** What is told, unless something newer is known: a zone that was found, or food that is ready, has no number of its own. */
function newest<T extends { sequence: number; positionSequence?: number | null }>(known: T | undefined, told: T): T {
  const ahead = known ? told.sequence - known.sequence || (told.positionSequence ?? 0) - (known.positionSequence ?? 0) : 0;
  return known && ahead < 0 ? known : told;
}

function put<T extends { id: string }>(known: ReadonlyMap<string, T>, item: T): ReadonlyMap<string, T> {
  return known.get(item.id) === item ? known : new Map(known).set(item.id, item);
}

function without<T>(known: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const rest = new Map(known);
  rest.delete(id);
  return rest;
}
