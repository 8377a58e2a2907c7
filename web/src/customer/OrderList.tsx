import { useEffect, useState } from 'preact/hooks';
import type { Connection, Order } from '../api/types';
import { ask } from '../platform/api';
import { useRepeated } from '../platform/hooks';
import { clock, money, say, sayValue } from '../platform/messages';
import { ENDED } from '../ui/steps';
import { MY_ORDERS } from './operations';

const ASK_EVERY_MS = 4_000;

/** `changes`: counts what the platform told about the customer's orders. */
export function OrderList({ changes, live }: { changes: number; live: boolean }) {
  const [orders, setOrders] = useState<Order[] | null>(null);
  const look = useRepeated(async () => {
    const found = await ask<Connection<Order>>(MY_ORDERS).catch(() => null);
    if (found) {
      setOrders(found.edges.map(({ node }) => node));
    }
  }, live ? null : ASK_EVERY_MS);
  useEffect(look, [changes]);
  return (
    <>
      <div class="row">
        <a class="button main" href="#new">{say('customer.new')}</a>
        <a class="button" href="#alerts">{say('customer.alerts')}</a>
      </div>
      <section class="card">
        <h2>{say('customer.orders')}</h2>
        {!orders && <p class="empty" role="status">{say('loading')}</p>}
        {orders?.length === 0 && <p class="empty">{say('customer.none')}</p>}
        <ul class="list">
          {orders?.map((order) => (
            <li key={order.id}>
              <a href={`#order/${order.id}`}>
                <span class={ENDED.has(order.status) ? 'tag' : 'tag tag-on'}>{sayValue('status', order.status)}</span>
                <span class="grow">
                  {order.merchant?.name ?? order.merchantId}
                  <small>{order.lines.map((line) => `${line.quantity} × ${line.name}`).join(', ')}</small>
                </span>
                <span class="amount">{money(order.total)}</span>
                <time dateTime={order.placedAt}>{clock(order.placedAt)}</time>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
