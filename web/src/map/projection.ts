/** Web Mercator, in metres at the equator, as raster tiles use it. y grows southwards, as on a screen. */
import type { Point } from '../platform/config';

const EARTH_RADIUS = 6_378_137;
export const WORLD = 2 * Math.PI * EARTH_RADIUS;

export interface Flat {
  x: number;
  y: number;
}

export function flat({ lat, lng }: Point): Flat {
  const sine = Math.sin((lat * Math.PI) / 180);
  return {
    x: (EARTH_RADIUS * lng * Math.PI) / 180,
    y: (-EARTH_RADIUS / 2) * Math.log((1 + sine) / (1 - sine)),
  };
}

export function unflat({ x, y }: Flat): Point {
  return {
    lat: Math.atan(Math.sinh(-y / EARTH_RADIUS)) * (180 / Math.PI),
    lng: (x / EARTH_RADIUS) * (180 / Math.PI),
  };
}

/** By how much a metre on the ground is stretched. */
export function stretch({ lat }: Point): number {
  return 1 / Math.cos((lat * Math.PI) / 180);
}

/** The distance on the ground in metres, as the crow flies. */
export function metres(a: Point, b: Point): number {
  const degree = (Math.PI * 6_371_008.8) / 180;
  const east = (b.lng - a.lng) * Math.cos(((a.lat + b.lat) * Math.PI) / 360);
  return Math.hypot(east, b.lat - a.lat) * degree;
}

/** From north, clockwise, in degrees. */
export function bearing(a: Point, b: Point): number {
  const east = (b.lng - a.lng) * Math.cos(((a.lat + b.lat) * Math.PI) / 360);
  return ((Math.atan2(east, b.lat - a.lat) * 180) / Math.PI + 360) % 360;
}

export function between(a: Point, b: Point, part: number): Point {
  return { lat: a.lat + part * (b.lat - a.lat), lng: a.lng + part * (b.lng - a.lng) };
}

/** A window onto the world: its middle, and metres (stretched) to a pixel. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

/** The view that shows all points with a margin around them. */
export function fit(points: Point[], width: number, height: number, margin = 56): View {
  const all = points.map(flat);
  const [xs, ys] = [all.map((each) => each.x), all.map((each) => each.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.max(
    (right - left) / Math.max(40, width - 2 * margin),
    (bottom - top) / Math.max(40, height - 2 * margin),
    points.length > 1 ? 1.2 : 4,
  );
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

const MIDDLE: Flat = { x: 0, y: 0 };

/** Nearer or farther by a factor, and what was at `from`, in pixels from the middle, is at `to`. */
export function zoomed({ x, y, scale }: View, by: number, from = MIDDLE, to = from): View {
  const next = Math.min(40, Math.max(0.3, scale * by));
  return { x: x + from.x * scale - to.x * next, y: y + from.y * scale - to.y * next, scale: next };
}
