/** What the driver did today, and earned where the platform says what it pays. */
import { metres } from '../map/projection';
import { distance, money, say } from '../platform/messages';
import type { Carried } from './carried';

export function Earnings({ deliveries }: { deliveries: Carried[] }) {
  const today = new Date().toDateString();
  const done = deliveries.filter(({ deliveredAt }) => deliveredAt && new Date(deliveredAt).toDateString() === today);
  const paid = done.flatMap(({ pay }) => (pay ? [pay] : []));
  const carried = done.reduce((sum, { pickup, dropoff }) => sum + (dropoff ? metres(pickup, dropoff) : 0), 0);
  const [first] = paid;
  return (
    <section class="card" aria-labelledby="today">
      <h2 id="today">{say('today.title')}</h2>
      <dl class="figures">
        {first && <div><dt>{say('today.earned')}</dt><dd>{money({ amount: paid.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency })}</dd></div>}
        <div><dt>{say('today.delivered')}</dt><dd>{done.length}</dd></div>
        {carried > 0 && <div><dt>{say('today.carried')}</dt><dd>{distance(carried)}</dd></div>}
      </dl>
    </section>
  );
}
