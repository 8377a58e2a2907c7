import { useState } from 'preact/hooks';
import type { TimelineEntry } from '../api/types';
import { ask } from '../platform/api';
import { useRepeated, useSettling } from '../platform/hooks';
import { CONSUMER_REPORTS, CONSUMERS } from './operations';
import { type Report, type ReportPage, periodOf } from './reports';

const SETTLES_MS = [0, 4_000, 15_000]; // a log can be read a few seconds after it was written
const MOST_PAGES = 20;

/** What consumers did with an order's events: asked for when the order is chosen, and whenever it has another event. */
export function useReports(orderId: string, timeline: readonly TimelineEntry[]): readonly Report[] {
  const [found, setFound] = useState<Readonly<Record<string, Report[]>>>({});
  const [consumers, setConsumers] = useState<string[]>([]);
  const look = useRepeated(async () => {
    const period = periodOf(timeline);
    if (period) {
      const known = consumers.length ? consumers : await ask<string[]>(CONSUMERS).catch(() => []);
      setConsumers(known);
      await Promise.all(known.map(async (consumer) => {
        // What is known stays if it cannot be asked for now: the next event asks again.
        const reports = await readAll({ consumer, orderId, ...period }).catch(() => null);
        setFound((before) => (reports ? { ...before, [consumer]: reports } : before));
      }));
    }
  }, null);
  useSettling(look, timeline.length, SETTLES_MS);
  return Object.values(found).flat();
}

async function readAll(asked: { consumer: string; orderId: string; since: string; until: string }): Promise<Report[]> {
  const reports: Report[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found: ReportPage = await ask<ReportPage>(CONSUMER_REPORTS, { ...asked, after });
    reports.push(...found.reports.map((report) => ({ ...report, consumer: asked.consumer })));
    after = found.endCursor;
    if (!after) {
      break;
    }
  }
  return reports;
}
