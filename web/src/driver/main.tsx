import { say } from '../platform/messages';
import { SignedIn } from '../ui/SignIn';
import { start } from '../ui/start';
import { DriverPage } from './DriverPage';

void start((config) => (
  <SignedIn config={config} group="driver" title={say('driver.title')}>
    {(user) => <DriverPage config={config} user={user} />}
  </SignedIn>
), { proofs: true });
