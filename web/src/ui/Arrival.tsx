/** When it comes, counting down. */
import { useNow } from '../platform/hooks';
import { clock, duration, say } from '../platform/messages';

export function Arrival({ at, label }: { at: string; label: string }) {
  const left = (Date.parse(at) - useNow()) / 1000;
  return (
    <p class="arrival">
      <span>{label}</span>
      <strong>{left > 5 ? duration(left) : say('arrival.anyMoment')}</strong>
      <time dateTime={at}>{say('arrival.about', { time: clock(at) })}</time>
    </p>
  );
}
