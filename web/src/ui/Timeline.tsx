/** What happened to an order, in words. */
import type { TimelineEntry } from '../api/types';
import { clock, sayValue } from '../platform/messages';

export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  return (
    <ol class="timeline">
      {entries.map(({ id, type, reason, at }) => (
        <li key={id}>
          <time dateTime={at}>{clock(at)}</time>
          <span>
            {sayValue('event', type)}
            {reason && <small>{sayValue('reason', reason)}</small>}
          </span>
        </li>
      ))}
    </ol>
  );
}
