/** The live board: the city on a map, who is where, what is late, and one order's chain of events. */
import { useState } from 'preact/hooks';
import { CityMap } from '../map/Map';
import { Marker } from '../map/Marker';
import type { Config, Point } from '../platform/config';
import { useNow } from '../platform/hooks';
import { say, sayValue } from '../platform/messages';
import type { User } from '../platform/session';
import { Frame } from '../ui/Frame';
import { Counters } from './Counters';
import { DeliveryTable } from './DeliveryTable';
import { FailureQueues } from './FailureQueues';
import { OrderPanel } from './OrderPanel';
import { PendingOrders } from './PendingOrders';
import { ZoneTable } from './ZoneTable';
import type { BoardDelivery, Fleet } from './fleet';
import { risk } from './risk';
import { useFailures } from './use_failures';
import { useFleet } from './use_fleet';

export function Board({ config, user }: { config: Config; user: User }) {
  const { fleet, live, flow, look } = useFleet();
  const failures = useFailures();
  const [chosen, setChosen] = useState<string | null>(null);
  const [zone, setZone] = useState<string | null>(null);
  const now = useNow();
  const rows = [...fleet.deliveries.values()]
    .map((delivery) => ({ delivery, risk: risk(delivery, now, config.timeScale) }))
    .toSorted((a, b) => b.risk.lateBy - a.risk.lateBy || a.delivery.requestedAt.localeCompare(b.delivery.requestedAt));
  return (
    <Frame title={say('operator.title')} user={user} live={live} wide>
      <div class="board">
        <Counters fleet={fleet} atRisk={rows.filter((row) => row.risk.why).length} flow={flow} now={now} />
        <div class="board-map"><FleetMap config={config} fleet={fleet} chosen={chosen} choose={setChosen} zone={zone} /></div>
        <div class="board-side">
          {chosen && (
            <OrderPanel
              key={chosen} id={chosen} delivery={fleet.deliveries.get(chosen) ?? null} failures={failures}
              done={look} close={() => setChosen(null)}
            />
          )}
          <FailureQueues failures={failures} />
          <PendingOrders timeScale={config.timeScale} choose={setChosen} />
          <DeliveryTable rows={rows} now={now} chosen={chosen} choose={setChosen} />
          <ZoneTable fleet={fleet} chosen={zone} choose={setZone} />
        </div>
      </div>
    </Frame>
  );
}

interface MapProps {
  config: Config;
  fleet: Fleet;
  chosen: string | null;
  choose: (id: string) => void;
  /** To be looked at, unless a delivery is. */
  zone: string | null;
}

function FleetMap({ config, fleet, chosen, choose, zone }: MapProps) {
  const onDuty = [...fleet.drivers.values()].filter((driver) => driver.onDuty && driver.position);
  const open = [...fleet.deliveries.values()];
  const carried = fleet.deliveries.get(chosen ?? '');
  const busiest = Math.max(1, ...counts(open).values());
  const shade = (zone: string) => (counts(open).get(zone) ?? 0) / busiest;
  const focus = carried ? [carried.pickup, ...(carried.dropoff ? [carried.dropoff] : [])] : (corners(config, zone) ?? area(config));
  return (
    <CityMap config={config.map} label={say('operator.map')} focus={focus} zones={{ shade }}>
      {open.map((delivery) => (
        <Marker
          key={delivery.id} kind="merchant" at={delivery.pickup} tone={`small ${delivery.driverId ? '' : 'searching'} ${delivery.id === chosen ? 'chosen' : ''}`}
          label={`${say('watch.merchant')}, ${sayValue('state', delivery.state)}`} onPress={() => choose(delivery.id)}
        />
      ))}
      {carried?.dropoff && <Marker kind="home" at={carried.dropoff} label={say('watch.home')} />}
      {onDuty.map((driver) => driver.position && (
        <Marker key={driver.id} kind="driver" at={driver.position} tone={`small ${driver.state.toLowerCase()}`} label={`${say('watch.driver')}, ${sayValue('driver', driver.state)}`} />
      ))}
    </CityMap>
  );
}

/** How many open deliveries each zone has. */
function counts(deliveries: BoardDelivery[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { zone } of deliveries) {
    found.set(zone, (found.get(zone) ?? 0) + 1);
  }
  return found;
}

function corners({ map: { zones } }: Config, zone: string | null): Point[] | undefined {
  return zones.find(({ id }) => id === zone)?.corners.map(([lat, lng]) => ({ lat, lng }));
}

/** The whole area, whatever happens where: a map that jumps with every driver is hard to read. */
function area({ map: { centre, radiusMetres } }: Config) {
  const [north, east] = [radiusMetres / 111_195, radiusMetres / (111_195 * Math.cos((centre.lat * Math.PI) / 180))];
  return [{ lat: centre.lat - north, lng: centre.lng - east }, { lat: centre.lat + north, lng: centre.lng + east }];
}
