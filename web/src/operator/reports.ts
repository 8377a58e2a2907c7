/** What consumers told of an order's events: read from their logs, and put to the events. */
import type { ConsumerReport, TimelineEntry } from '../api/types';

export interface Report extends ConsumerReport {
  /** Such as `orders-inbox`. */
  consumer: string;
}

export interface ReportPage {
  reports: ConsumerReport[];
  endCursor: string | null;
}

export interface Period {
  since: string;
  until: string;
}

const OFFERED = 'delivery.offered';
const LATEST_MS = 20 * 60_000; // after the last event: a message that keeps failing is received for the fifth time after 12 minutes
const LONGEST_MS = 24 * 3_600_000; // that the API looks through at once
const MOST_PAGES = 20;

/** When to look for what was done with these events, of a longer time its beginning; null if there are none. `again`: when they were last sent again. */
export function periodOf(timeline: readonly TimelineEntry[], again: number | null): Period | null {
  const times = timeline.map(({ at }) => Date.parse(at));
  if (times.length === 0) {
    return null;
  }
  const since = Math.min(...times);
  const until = Math.min(Math.max(...times, again ?? 0) + LATEST_MS, since + LONGEST_MS);
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

/** All that one consumer told, page by page; `complete` is false if a page could not be had, or there are too many. */
export async function readAll(consumer: string, page: (after: string | null) => Promise<ReportPage>): Promise<{ reports: Report[]; complete: boolean }> {
  const reports: Report[] = [];
  let after: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const found: ReportPage | null = await page(after).catch(() => null);
    if (!found) {
      return { reports, complete: false };
    }
    reports.push(...found.reports.map((report) => ({ ...report, consumer })));
    after = found.endCursor;
    if (!after) {
      return { reports, complete: true };
    }
  }
  return { reports, complete: false };
}

/**
 * The reports on each event, by its id, oldest first. Why a trip was offered belongs to the offer made just before, as long as that has no other:
 * a log may know of an offer that the timeline does not have yet.
 */
export function byEvent(reports: readonly Report[], timeline: readonly TimelineEntry[]): ReadonlyMap<string, Report[]> {
  const offers = timeline.filter(({ type }) => type === OFFERED);
  const found = new Map<string, Report[]>();
  for (const report of reports.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    const event = report.decision ? offers.findLast(({ at }) => Date.parse(at) <= Date.parse(report.at))?.id : report.eventId;
    const told = event ? (found.get(event) ?? []) : [];
    if (event && !(report.decision && told.some(({ decision }) => decision))) {
      found.set(event, [...told, report]);
    }
  }
  return found;
}
