/** What the driver brought to its end today: handed over, or brought back, which is paid as well. */
import type { Connection } from '../api/types';
import type { Done } from './carried';

/**
 * All that ended at `since` or later. `newest` is the first page of the list, which begins with what ended last; `more`
 * reads the page after a cursor.
 */
export async function doneSince(since: Date, newest: Connection<Done>, more: (after: string) => Promise<Connection<Done>>): Promise<Done[]> {
  const found: Done[] = [];
  let page = newest;
  for (;;) {
    const nodes = page.edges.map(({ node }) => node).filter((done) => endOf(done) >= since.getTime());
    found.push(...nodes);
    const { endCursor, hasNextPage } = page.pageInfo;
    if (!hasNextPage || !endCursor || nodes.length < page.edges.length) {
      return found;
    }
    page = await more(endCursor);
  }
}

/** When the day began that it is now where the driver is. */
export function today(): Date {
  return new Date(new Date().setHours(0, 0, 0, 0));
}

function endOf({ deliveredAt, returnedAt }: Done): number {
  return Date.parse(deliveredAt ?? returnedAt ?? '') || 0;
}
