import { useState } from 'preact/hooks';
import type { TimelineEntry } from '../api/types';
import { ask } from '../platform/api';
import { useRepeated, useSettling } from '../platform/hooks';
import { CONSUMER_REPORTS, CONSUMERS } from './operations';
import { type Report, type ReportPage, periodOf, readAll } from './reports';

export interface Reports {
  told: readonly Report[];
  /** Whether every log could be read to its end. */
  complete: boolean;
}

const SETTLES_MS = [0, 4_000, 15_000]; // a log can be read a few seconds after it was written

/** What consumers did with an order's events: asked for when the order is chosen, when it has another event, and when something was sent back. */
export function useReports(orderId: string, timeline: readonly TimelineEntry[], sentBack: number | null): Reports {
  const [found, setFound] = useState<Readonly<Record<string, Report[]>>>({});
  const [consumers, setConsumers] = useState<string[]>([]);
  const [complete, setComplete] = useState(true);
  const look = useRepeated(async () => {
    const period = periodOf(timeline, sentBack);
    if (!period) {
      return;
    }
    const known = consumers.length ? consumers : await ask<string[]>(CONSUMERS).catch(() => []);
    setConsumers(known);
    let whole = known.length > 0;
    for (const consumer of known) { // one after the other: of these questions few are answered a second
      const read = await readAll(consumer, (after) => ask<ReportPage>(CONSUMER_REPORTS, { consumer, orderId, ...period, after }));
      whole &&= read.complete;
      setFound((before) => {
        const less = !read.complete && read.reports.length < (before[consumer]?.length ?? 0);
        return less ? before : { ...before, [consumer]: read.reports };
      });
    }
    setComplete(whole);
  }, null);
  useSettling(look, timeline.length && `${timeline.length} ${sentBack}`, SETTLES_MS);
  return { told: Object.values(found).flat(), complete };
}
