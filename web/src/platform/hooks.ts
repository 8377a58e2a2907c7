import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Listener, type Variables, listen } from './api';

const WATCH_AGAIN_MS = 18 * 60_000; // it counts for 20 minutes

/** The time in milliseconds, anew every second. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** What was set last, for callbacks that outlive the render they were made in. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}

/**
 * Runs `work` now, every `everyMs` while `everyMs` is a number, and whenever the returned function is called. Runs never
 * overlap: asked for during one, the next starts right after it. A page that nobody sees asks for nothing by itself, and
 * at once when it is seen again.
 */
export function useRepeated(work: () => Promise<void>, everyMs: number | null): () => void {
  const job = useLatest(work);
  const state = useRef({ busy: false, again: false });
  const run = useCallback(async () => {
    if (state.current.busy) {
      state.current.again = true;
      return;
    }
    state.current.busy = true;
    do {
      state.current.again = false;
      await job.current();
    } while (state.current.again);
    state.current.busy = false;
  }, [job]);
  useEffect(() => {
    void run();
    if (everyMs === null) {
      return undefined;
    }
    const seen = () => document.visibilityState === 'visible' && void run();
    const timer = setInterval(seen, everyMs);
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [run, everyMs]);
  return useCallback(() => void run(), [run]);
}

/**
 * A subscription for as long as `variables` is not null. Returns whether it is live: while it is not, a page has to ask.
 * `listener.live` is called after every (re)connection: then is the time to ask for what may have been missed. Another
 * `round` makes the subscription anew.
 */
export function useSubscription<T>(
  query: string,
  variables: Variables | null,
  listener: { next(value: T): void; live(): void },
  round = 0,
): boolean {
  const [live, setLive] = useState(false);
  const latest = useLatest(listener);
  const key = JSON.stringify(variables);
  useEffect(() => {
    const given = JSON.parse(key) as Variables | null;
    if (!given) {
      return undefined;
    }
    const heard: Listener<T> = {
      next: (value) => latest.current.next(value),
      live: () => {
        setLive(true);
        latest.current.live();
      },
      down: () => setLive(false),
    };
    const stop = listen(query, given, heard);
    return () => {
      stop();
      setLive(false);
    };
  }, [query, key, latest, round]);
  return live;
}

/** Changes as often as a subscription has to be made anew to count as somebody watching. */
export function useWatching(): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTimes((count) => count + 1), WATCH_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return times;
}

/**
 * Runs `look` at each of `afterMs` milliseconds after `news` became something else that is not nothing: a service tells of a change before the others
 * have heard of it, and the page asks those, too. Every look is paid for, so a page says when it has a chance to see more.
 */
export function useSettling(look: () => void, news: unknown, afterMs: readonly number[]): void {
  useEffect(() => {
    if (!news) {
      return undefined;
    }
    const timers = afterMs.map((after) => setTimeout(look, after));
    return () => timers.forEach((timer) => clearTimeout(timer));
  }, [look, news, afterMs]);
}
