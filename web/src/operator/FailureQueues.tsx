/** Failure queues with messages in them, each with the way back: a button, or the command where no button can do it. */
import { say } from '../platform/messages';
import { type Failures, whose } from './use_failures';

export function FailureQueues({ failures }: { failures: Failures }) {
  return (
    <section class="card" aria-labelledby="failures">
      <h2 id="failures">{say('failures.title')}</h2>
      <WaysBack failures={failures} />
      <p role="status" class="hint">{failures.said}</p>
    </section>
  );
}

export function WaysBack({ failures: { queues, redrive } }: { failures: Failures }) {
  if (!queues?.length) {
    return queues && <p class="hint">{say('failures.none')}</p>;
  }
  return (
    <ul class="list failures">
      {queues.map(({ name, messages, redrivable }) => (
        <li key={name}>
          <span class="grow">{whose(name)} <strong class="bad">{messages}</strong></span>
          {redrivable
            ? <button type="button" aria-label={say('failures.redriveOf', { queue: whose(name) })} onClick={() => redrive(name)}>{say('failures.redrive')}</button>
            : <code>{`delivery failures redrive ${whose(name)}`}</code>}
        </li>
      ))}
    </ul>
  );
}
