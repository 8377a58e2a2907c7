/** The customer's page: orders to look at, and one to place. What it shows is in the address, so that Back works. */
import { useEffect, useState } from 'preact/hooks';
import type { Config } from '../platform/config';
import { useSubscription } from '../platform/hooks';
import { say } from '../platform/messages';
import type { User } from '../platform/session';
import { Frame } from '../ui/Frame';
import { AlertChoice } from './AlertChoice';
import { OrderForm } from './OrderForm';
import { OrderList } from './OrderList';
import { OrderView } from './OrderView';
import { ON_MY_ORDERS } from './operations';

export function CustomerPage({ config, user }: { config: Config; user: User }) {
  const where = useAddress();
  const [changes, setChanges] = useState(0);
  const news = () => setChanges((count) => count + 1);
  const live = useSubscription(ON_MY_ORDERS, { customerId: user.id }, { next: news, live: news });
  return (
    <Frame title={say('customer.title')} user={user} live={live}>
      {where.startsWith('order/') && (
        <OrderView key={where} config={config} id={where.slice('order/'.length)} changes={changes} live={live} />
      )}
      {where === 'new' && <OrderForm config={config} placed={(id) => { location.hash = `order/${id}`; }} />}
      {where === 'alerts' && <AlertChoice />}
      {where === '' && <OrderList changes={changes} live={live} />}
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
