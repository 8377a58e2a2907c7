import { duration, say, sayValue } from '../platform/messages';
import type { BoardDelivery } from './fleet';
import type { Risk } from './risk';

interface Props {
  rows: { delivery: BoardDelivery; risk: Risk }[];
  now: number;
  chosen: string | null;
  choose: (id: string) => void;
}

const MOST_ROWS = 200;

export function DeliveryTable({ rows, now, chosen, choose }: Props) {
  return (
    <section class="card" aria-labelledby="deliveries">
      <h2 id="deliveries">{say('operator.deliveries')}</h2>
      {rows.length === 0 && <p class="empty">{say('operator.quiet')}</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr><th scope="col">{say('table.order')}</th><th scope="col">{say('table.state')}</th><th scope="col">{say('table.age')}</th><th scope="col">{say('table.risk')}</th></tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map(({ delivery: { id, state, requestedAt, merchantId }, risk }) => (
              <tr key={id} class={id === chosen ? 'chosen' : ''}>
                <th scope="row"><button type="button" class="link" onClick={() => choose(id)}>{id.slice(0, 8)}</button> <small>{merchantId}</small></th>
                <td><span class={`tag of-${state.toLowerCase()}`}>{sayValue('state', state)}</span></td>
                <td>{duration((now - Date.parse(requestedAt)) / 1000)}</td>
                <td class={risk.why ? 'bad' : ''}>{risk.why ? say(risk.why, { time: duration(risk.lateBy) }) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
