import './board.css';
import { say } from '../platform/messages';
import { SignedIn } from '../ui/SignIn';
import { start } from '../ui/start';
import { Board } from './Board';

void start((config) => (
  <SignedIn config={config} group="operator" title={say('operator.title')}>
    {(user) => <Board config={config} user={user} />}
  </SignedIn>
));
