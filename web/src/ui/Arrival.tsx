/** When it comes, counting down. */
import { useNow } from '../platform/hooks';
import { clock, duration, say } from '../platform/messages';

export function Arrival({ at, label }: { at: string; label: string }) {
  const left = (Date.parse(at) - useNow()) / 1000;
  const soon = left <= 5;
  return (
    <p class="arrival">
      <span>{!soon && label}</span>
      <strong>{soon ? say('arrival.anyMoment') : duration(left)}</strong>
      <time dateTime={at}>{say('arrival.about', { time: clock(at) })}</time>
    </p>
  );
}
