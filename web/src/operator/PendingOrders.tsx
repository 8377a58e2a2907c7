/** Orders that no merchant has answered yet: an operator can, in the merchant's place. */
import { useState } from 'preact/hooks';
import type { Connection } from '../api/types';
import { ask } from '../platform/api';
import { useRepeated } from '../platform/hooks';
import { clock, say } from '../platform/messages';
import { PENDING_ORDERS, UPDATE_ORDER_STATUS } from './operations';

interface Pending {
  id: string;
  merchantId: string;
  placedAt: string;
}

const ASK_EVERY_MS = 5_000; // nobody is told of all merchants' orders
const COOKING_S = 600;

export function PendingOrders({ timeScale, choose }: { timeScale: number; choose: (id: string) => void }) {
  const [orders, setOrders] = useState<Pending[]>([]);
  const look = useRepeated(async () => {
    const found = await ask<Connection<Pending>>(PENDING_ORDERS).catch(() => null);
    if (found) {
      setOrders(found.edges.map(({ node }) => node));
    }
  }, ASK_EVERY_MS);
  const settle = async (orderId: string, status: 'CONFIRMED' | 'REJECTED') => {
    const expectedReadyAt = new Date(Date.now() + (COOKING_S * 1000) / timeScale).toISOString();
    await ask(UPDATE_ORDER_STATUS, { orderId, status, ...(status === 'CONFIRMED' ? { expectedReadyAt } : {}) }).catch(() => undefined);
    look();
  };
  if (!orders.length) {
    return null;
  }
  return (
    <section class="card" aria-labelledby="pending">
      <h2 id="pending">{say('operator.pending')}</h2>
      <ul class="list">
        {orders.map(({ id, merchantId, placedAt }) => (
          <li key={id}>
            <button type="button" class="link" onClick={() => choose(id)}>{id.slice(0, 8)}</button>
            <span class="grow">{merchantId} · <time dateTime={placedAt}>{clock(placedAt)}</time></span>
            <button type="button" onClick={() => void settle(id, 'CONFIRMED')}>{say('operator.confirm')}</button>
            <button type="button" class="quiet" onClick={() => void settle(id, 'REJECTED')}>{say('operator.reject')}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
