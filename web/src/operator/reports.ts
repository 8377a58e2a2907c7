/** What consumers told of an order's events, put to the events. */
import type { ConsumerReport, TimelineEntry } from '../api/types';

export interface Report extends ConsumerReport {
  /** Such as `orders-inbox`. */
  consumer: string;
}

export interface ReportPage {
  reports: ConsumerReport[];
  endCursor: string | null;
}

const OFFERED = 'delivery.offered';
const LATEST_MS = 10 * 60_000; // after the last event: what keeps failing is given up within that
const LONGEST_MS = 24 * 3_600_000;

/** When to look for what was done with these events; null if there are none. */
export function periodOf(timeline: readonly TimelineEntry[]): { since: string; until: string } | null {
  const times = timeline.map(({ at }) => Date.parse(at));
  if (times.length === 0) {
    return null;
  }
  const since = Math.min(...times);
  const until = Math.min(Math.max(...times) + LATEST_MS, since + LONGEST_MS);
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

/** The reports on each event, by its id, oldest first. Why a trip was offered belongs to the offer made just before. */
export function byEvent(reports: readonly Report[], timeline: readonly TimelineEntry[]): ReadonlyMap<string, Report[]> {
  const offers = timeline.filter(({ type }) => type === OFFERED);
  const found = new Map<string, Report[]>();
  for (const report of reports.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    const event = report.decision ? offers.findLast(({ at }) => Date.parse(at) <= Date.parse(report.at))?.id : report.eventId;
    if (event) {
      found.set(event, [...(found.get(event) ?? []), report]);
    }
  }
  return found;
}
