import { SignedIn } from '../ui/SignIn';
import { start } from '../ui/start';
import { say } from '../platform/messages';
import { CustomerPage } from './CustomerPage';

void start((config) => (
  <SignedIn config={config} group="customer" title={say('customer.title')}>
    {(user) => <CustomerPage config={config} user={user} />}
  </SignedIn>
));
