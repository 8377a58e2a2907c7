/** Where the phone is, and telling the platform so. */
import { ask } from '../platform/api';
import type { Config, Point } from '../platform/config';
import { REPORT_LOCATIONS } from './operations';

export interface Fix extends Point {
  at: string;
  heading?: number;
  speed?: number;
}

/** What knows where the phone is. */
export interface Positions {
  /** Calls `tell` for each measured position, and `refused` when there are none to be had, until the returned function is
   * called. */
  watch(tell: (fix: Fix) => void, refused: () => void): () => void;
  /** Where the driver means to go next; a phone that is carried needs no telling. */
  headFor(stop: Point | null): void;
}

interface Answer {
  nextReportInSeconds: number;
  /** Nothing of it was kept. */
  tooSoon: boolean;
}

const MOST = 100; // positions in one report
const FIRST_REPORT_S = 2;

export async function positionsOf(config: Config): Promise<Positions> {
  if (config.demo) {
    const { DrivingItself } = await import('./driving_itself');
    return new DrivingItself(config.map.centre, config.demo.metresPerSecond);
  }
  return new Geolocation();
}

class Geolocation implements Positions {
  watch(tell: (fix: Fix) => void, refused: () => void): () => void {
    const id = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) =>
        tell({
          lat: coords.latitude,
          lng: coords.longitude,
          at: new Date(timestamp).toISOString(),
          ...(coords.heading !== null && Number.isFinite(coords.heading) ? { heading: coords.heading } : {}),
          ...(coords.speed === null ? {} : { speed: Math.min(100, coords.speed) }),
        }),
      refused,
      { enableHighAccuracy: true, maximumAge: 5_000 },
    );
    return () => navigator.geolocation.clearWatch(id);
  }

  headFor(): void {}
}

/** Sends what was measured as often as the platform asks for it. What does not get through goes with the next report. */
export class Reporter {
  private fixes: Fix[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  add(fix: Fix): void {
    if (fix.at !== this.fixes.at(-1)?.at) {
      this.fixes = [...this.fixes, fix].slice(-MOST);
    }
  }

  start(): void {
    this.schedule(FIRST_REPORT_S);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** At once, as at a stop; or soon, if the platform says that it is too soon after the last one. */
  async report(): Promise<void> {
    clearTimeout(this.timer);
    const sent = this.fixes;
    let pause = FIRST_REPORT_S * 2;
    if (sent.length) {
      try {
        const answer = await ask<Answer>(REPORT_LOCATIONS, { positions: sent });
        pause = answer.nextReportInSeconds;
        if (answer.tooSoon) {
          return await new Promise((done) => this.schedule(pause, done));
        }
        this.fixes = this.fixes.filter((fix) => !sent.includes(fix));
      } catch {
        // Kept for the next report.
      }
    }
    this.schedule(pause);
  }

  private schedule(seconds: number, done?: (report: Promise<void>) => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const report = this.report();
      done?.(report);
    }, Math.max(1, seconds) * 1000);
  }
}
