/** What the pages ask of the API, as infra/schema.graphql and services/<name>/schema.graphql have it. */
import type { Point } from '../platform/config';

export interface Money {
  amount: number;
  currency: string;
}

export interface Connection<T> {
  edges: { node: T }[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

export interface Merchant {
  id: string;
  name: string;
  place: Point;
  currency: string;
  deliveryRadiusMetres: number;
}

export interface OrderLine {
  name: string;
  quantity: number;
  unitAmount: number;
}

export interface Order {
  id: string;
  merchantId: string;
  merchant: { name: string } | null;
  status: string;
  reason: string | null;
  lines: OrderLine[];
  total: Money;
  dropoff: Point | null;
  address: string | null;
  placedAt: string;
  /** By when the merchant promised it. */
  promisedAt: string | null;
  cancelRequestedAt: string | null;
  /** Since when the customer is asked to choose, as no driver was found in time. */
  delayedAt: string | null;
  handoverPin: string | null;
}

export interface TimelineEntry {
  id: string;
  type: string;
  reason: string | null;
  at: string;
  /** Asked for by the operators' board alone, as is what led to it. */
  producer?: string | null;
  causedBy?: string | null;
}

/** What a consumer did with an event, or, with a `decision`, which trip a round offered. */
export interface ConsumerReport {
  at: string;
  eventId: string | null;
  outcome: string;
  reason: string | null;
  partner: string | null;
  decision: OfferDecision | null;
}

export interface OfferDecision {
  driverId: string;
  decided: string;
  deliveries: number;
  metres: number;
  leavesWhenFree: boolean;
  /** `costsMoreSeconds` is null if it was not possible. */
  considered: { driverId: string; costsMoreSeconds: number | null; because: string }[];
}

export interface DriverPosition extends Point {
  at: string;
  heading: number | null;
}

/** `Tracking`, or `SharedTracking`, which has neither `dropoff` nor `driverId`. */
export interface Tracking {
  orderId: string;
  status: string;
  reason: string | null;
  pickup: Point | null;
  dropoff?: Point | null;
  position: DriverPosition | null;
  expectedReadyAt: string | null;
  expectedPickupAt: string | null;
  expectedDropoffAt: string | null;
  deliveredAt: string | null;
  timeline: TimelineEntry[];
  sequence: number;
}

export interface PathPoint extends Point {
  beforeMs: number;
}

export interface DriverMovement {
  position: Point;
  heading: number | null;
  at: string;
  expectedArrivalAt: string;
  path: PathPoint[];
  sequence: number;
}

export interface SharedTrackingChange {
  sequence: number | null;
  position: DriverPosition | null;
  expectedArrivalAt: string | null;
  positionSequence: number | null;
}

export interface Contact {
  phone: string | null;
  locale: string;
  sms: boolean;
  push: boolean;
  optedOut: ('SMS' | 'PUSH')[];
}

export interface Driver {
  id: string;
  state: string;
  onDuty: boolean;
  vehicle: string;
  position: Point | null;
  zone: string | null;
  deliveryIds: string[];
  sequence: number;
  positionSequence: number | null;
}

export interface Offer {
  id: string;
  driverId: string;
  expiresAt: string;
  toPickupMetres: number;
  toDropoffMetres: number;
}

export interface TripStop {
  stop: 'PICKUP' | 'DROPOFF';
  deliveryIds: string[];
}

export interface Delivery {
  id: string;
  state: string;
  reason: string | null;
  merchantId: string;
  pickup: Point;
  dropoff: Point | null;
  driverId: string | null;
  zone: string;
  offer: Offer | null;
  requestedAt: string;
  expectedReadyAt: string | null;
  readyAt: string | null;
  expectedPickupAt: string | null;
  expectedDropoffAt: string | null;
  deliveredAt: string | null;
  sequence: number;
}

export type FleetDriver = Omit<Driver, 'zone'>;
export type FleetDelivery = Omit<Delivery, 'zone' | 'offer'> & { offeredTo: string | null };

export interface FleetChange {
  zone: string | null;
  at: string;
  eventsIn: number | null;
  eventsOut: number | null;
  driver: FleetDriver | null;
  delivery: FleetDelivery | null;
}

export interface Alert {
  id: string;
  eventId: string;
  audience: string;
  channel: string;
  state: string;
  reason: string | null;
}

export interface FailureQueue {
  name: string;
  messages: number;
  redrivable: boolean;
}
