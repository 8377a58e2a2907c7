/** The zones that dispatch plans in, as far as anything goes on there; a pressed one is shown on the map. */
import { say } from '../platform/messages';
import type { Fleet } from './fleet';

interface Props {
  fleet: Fleet;
  chosen: string | null;
  choose: (zone: string | null) => void;
}

export function ZoneTable({ fleet, chosen, choose }: Props) {
  const drivers = [...fleet.drivers.values()].filter(({ onDuty }) => onDuty);
  const deliveries = [...fleet.deliveries.values()];
  const zones = [...new Set([...drivers, ...deliveries].flatMap(({ zone }) => zone || []))].toSorted();
  if (!zones.length) {
    return null;
  }
  return (
    <section class="card" aria-labelledby="zones">
      <h2 id="zones">{say('operator.zones')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('table.zone')}</th><th scope="col">{say('operator.deliveries')}</th>
            <th scope="col">{say('state.SEARCHING')}</th><th scope="col">{say('operator.drivers')}</th><th scope="col">{say('driver.AVAILABLE')}</th>
          </tr>
        </thead>
        <tbody>
          {zones.map((zone) => {
            const [here, driving] = [deliveries.filter((each) => each.zone === zone), drivers.filter((each) => each.zone === zone)];
            return (
              <tr key={zone} class={zone === chosen ? 'chosen' : ''}>
                <th scope="row">
                  <button type="button" class="link" aria-pressed={zone === chosen} onClick={() => choose(zone === chosen ? null : zone)}>{shortened(zone)}</button>
                </th>
                <td>{here.length}</td><td>{here.filter(({ driverId }) => !driverId).length}</td>
                <td>{driving.length}</td><td>{driving.filter(({ state }) => state === 'AVAILABLE').length}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** An H3 cell's id without the digits that all cells of its size end with. */
function shortened(zone: string): string {
  return zone.replace(/f+$/, '');
}
