/** The customer's page: orders to look at, and one to place. What it shows is in the address, so that Back works. */
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../platform/api';
import type { Config } from '../platform/config';
import { useRepeated, useSubscription } from '../platform/hooks';
import { say } from '../platform/messages';
import type { User } from '../platform/session';
import type { Connection, Order } from '../api/types';
import { Frame } from '../ui/Frame';
import { AlertChoice } from './AlertChoice';
import { OrderForm } from './OrderForm';
import { OrderList } from './OrderList';
import { OrderView } from './OrderView';
import { MY_ORDERS, ON_MY_ORDERS } from './operations';

const ASK_EVERY_MS = 4_000;

export function CustomerPage({ config, user }: { config: Config; user: User }) {
  const where = useAddress();
  const [orders, setOrders] = useState<Order[] | null>(null);
  const [changes, setChanges] = useState(0);
  const [live, setLive] = useState(false);
  const load = useRepeated(async () => {
    const found = await ask<Connection<Order>>(MY_ORDERS).catch(() => null);
    if (found) {
      setOrders(found.edges.map(({ node }) => node));
    }
  }, live ? null : ASK_EVERY_MS);
  const news = () => {
    load();
    setChanges((count) => count + 1);
  };
  const heard = useSubscription(ON_MY_ORDERS, { customerId: user.id }, { next: news, live: news });
  useEffect(() => setLive(heard), [heard]);
  return (
    <Frame title={say('customer.title')} user={user} live={live}>
      {where.startsWith('order/') && (
        <OrderView key={where} config={config} id={where.slice('order/'.length)} changes={changes} live={live} />
      )}
      {where === 'new' && <OrderForm config={config} placed={(id) => { load(); location.hash = `order/${id}`; }} />}
      {where === 'alerts' && <AlertChoice />}
      {where === '' && <OrderList orders={orders} />}
    </Frame>
  );
}

function useAddress(): string {
  const [where, setWhere] = useState(location.hash.slice(1));
  useEffect(() => {
    const look = () => setWhere(location.hash.slice(1));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return where;
}
