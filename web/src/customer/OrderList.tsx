import type { Order } from '../api/types';
import { clock, money, say, sayValue } from '../platform/messages';
import { ENDED } from '../ui/steps';

export function OrderList({ orders }: { orders: Order[] | null }) {
  return (
    <>
      <div class="row">
        <a class="button main" href="#new">{say('customer.new')}</a>
        <a class="button" href="#alerts">{say('customer.alerts')}</a>
      </div>
      <section class="card">
        <h2>{say('customer.orders')}</h2>
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
