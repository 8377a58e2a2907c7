/** What the driver did today, and earned. */
import { money, say } from '../platform/messages';
import type { Done } from './carried';

/** `done`: what ended today. */
export function Earnings({ done }: { done: Done[] }) {
  const delivered = done.filter(({ deliveredAt }) => deliveredAt).length;
  const returned = done.length - delivered;
  const paid = done.flatMap(({ pay }) => (pay ? [pay] : []));
  const [first] = paid;
  return (
    <section class="card" aria-labelledby="today">
      <h2 id="today">{say('today.title')}</h2>
      <dl class="figures">
        {first && <div><dt>{say('today.earned')}</dt><dd>{money({ amount: paid.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency })}</dd></div>}
        <div><dt>{say('today.delivered')}</dt><dd>{delivered}</dd></div>
        {returned > 0 && <div><dt>{say('today.returned')}</dt><dd>{returned}</dd></div>}
      </dl>
    </section>
  );
}
