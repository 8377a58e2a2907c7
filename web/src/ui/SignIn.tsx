/** Shows a page to a signed-in user of one group, and to everybody else the way in. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Config, Group } from '../platform/config';
import { say, sayValue } from '../platform/messages';
import { type Step, type User, answer, currentUser, enter } from '../platform/session';
import { Frame } from './Frame';

interface Props {
  config: Config;
  group: Group;
  title: string;
  children: (user: User) => ComponentChildren;
}

export function SignedIn({ config, group, title, children }: Props) {
  const [user, setUser] = useState<User | null | undefined>();
  const look = async () => setUser(await currentUser(group).catch(() => null));
  useEffect(() => void look(), []);
  if (user === undefined) {
    return (
      <Frame title={title}>
        <p class="empty" role="status">{say('loading')}</p>
      </Frame>
    );
  }
  if (user) {
    return <>{children(user)}</>;
  }
  return (
    <Frame title={title}>
      <SignInForm config={config} group={group} done={look} />
    </Frame>
  );
}

function SignInForm({ config, group, done }: { config: Config; group: Group; done: () => Promise<void> }) {
  const [step, setStep] = useState<Step | 'NAME'>('NAME');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async (act: () => Promise<Step>) => {
    setBusy(true);
    setProblem('');
    try {
      const next = await act();
      setStep(next);
      if (next === 'DONE') {
        await done();
        setStep('NAME');
        setProblem(say('signin.wrongGroup')); // seen only if the page is still not shown
      }
    } catch (error) {
      setProblem(why(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? '');
    void go(() => (step === 'NAME' ? enter(text('name'), text('password')) : answer(text('answer'))));
  };
  const { demo } = config;
  return (
    <form class="card signin" onSubmit={submit}>
      <h2>{say('signin.title')}</h2>
      {step === 'NAME' ? <NameAndPassword /> : <Answer step={step} key={step} />}
      {problem && <p class="problem" role="alert">{problem}</p>}
      <button class="main" disabled={busy}>{say('signin.enter')}</button>
      {demo && step === 'NAME' && (
        <button type="button" disabled={busy} onClick={() => void go(() => enter(demo.accounts[group], demo.password))}>
          {say('signin.demo', { name: demo.accounts[group] })}
        </button>
      )}
    </form>
  );
}

/** In the reader's language as far as everybody meets it; the pool's own words for the rest, such as its rules for passwords. */
function why(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'NetworkError') {
    return sayValue('refusal', 'NoAnswer');
  }
  return message.startsWith('Incorrect username or password') ? say('signin.wrong') : message;
}

function NameAndPassword() {
  return (
    <>
      <label>{say('signin.name')}<input name="name" autocomplete="username" autocapitalize="none" required /></label>
      <label>{say('signin.password')}<input name="password" type="password" autocomplete="current-password" required /></label>
    </>
  );
}

function Answer({ step }: { step: Step }) {
  return step === 'NEW_PASSWORD' ? (
    <label>{say('signin.newPassword')}<input name="answer" type="password" autocomplete="new-password" required /></label>
  ) : (
    <label>{say('signin.code')}<input name="answer" inputMode="numeric" autocomplete="one-time-code" required /></label>
  );
}
