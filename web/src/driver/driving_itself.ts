/** A phone that drives by itself, straight to wherever its driver goes next: for trying the pages at a desk. */
import { bearing, between, metres } from '../map/projection';
import type { Point } from '../platform/config';
import type { Fix, Positions } from './phone';

const EVERY_MS = 500;
const KEPT = 'delivery.driver.at';

export class DrivingItself implements Positions {
  private at: Point;
  private stop: Point | null = null;

  constructor(
    centre: Point,
    private readonly speed: number,
  ) {
    const kept = sessionStorage.getItem(KEPT);
    this.at = kept ? (JSON.parse(kept) as Point) : centre;
  }

  watch(tell: (fix: Fix) => void): () => void {
    tell({ ...this.at, at: new Date().toISOString(), speed: 0 });
    const timer = setInterval(() => this.step(tell), EVERY_MS);
    return () => clearInterval(timer);
  }

  headFor(stop: Point | null): void {
    this.stop = stop;
  }

  private step(tell: (fix: Fix) => void): void {
    const left = this.stop ? metres(this.at, this.stop) : 0;
    const at = new Date().toISOString();
    if (!this.stop || left < 1) {
      tell({ ...this.at, at, speed: 0 });
      return;
    }
    const heading = Math.round(bearing(this.at, this.stop));
    this.at = between(this.at, this.stop, Math.min(1, (this.speed * EVERY_MS) / 1000 / left));
    sessionStorage.setItem(KEPT, JSON.stringify(this.at));
    tell({ lat: Number(this.at.lat.toFixed(6)), lng: Number(this.at.lng.toFixed(6)), at, heading, speed: Math.min(100, this.speed) });
  }
}
