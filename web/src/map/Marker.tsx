/** What stands or moves on a map. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PathPoint } from '../api/types';
import type { Point } from '../platform/config';
import { useLatest } from '../platform/hooks';
import { useScreen } from './Map';
import { type Flat, between } from './projection';

interface Props {
  at: Point;
  /** For screen readers, and as a tooltip. */
  label: string;
  kind: 'merchant' | 'home' | 'driver' | 'pin';
  tone?: string;
  onPress?: () => void;
  children?: ComponentChildren;
}

const SHAPES = {
  merchant: 'M-6 -5.500h12l1.500 4a2.500 2.500 0 0 1-5 0a2.500 2.500 0 0 1-5 0a2.500 2.500 0 0 1-5 0ZM-5 2v5h10v-5',
  home: 'M-7 0 0 -6.500 7 0M-5 -1.500V6.500H5V-1.500',
  pin: 'M-7 0 0 -6.500 7 0M-5 -1.500V6.500H5V-1.500',
  driver: 'M0 -7 5.500 6 0 3.200 -5.500 6Z',
} as const;

export function Marker({ at, label, kind, tone = '', onPress, children }: Props) {
  const { place } = useScreen();
  return (
    <g
      class={`marker marker-${kind} ${tone}`} transform={`translate(${pair(place(at), ' ')})`}
      {...(onPress ? { role: 'button', tabindex: 0, 'aria-label': label, onClick: onPress, onKeyDown: pressed(onPress) } : { role: 'img', 'aria-label': label })}
    >
      <title>{label}</title>
      <circle r={kind === 'driver' ? 13 : 14} />
      <path d={SHAPES[kind]} />
      {children}
    </g>
  );
}

function pressed(act: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      act();
    }
  };
}

export interface Movement {
  position: Point;
  heading: number | null;
  path: PathPoint[];
}

const LONGEST_GLIDE_MS = 12_000;
const GLIDE_MS = 900;

interface MovingProps {
  movement: Movement;
  label: string;
  /** Where the way began, and where it leads, if that may be known. */
  from: Point;
  to: Point | null;
  /** What stands beside the way: above the line and below the driver. */
  children?: ComponentChildren;
}

/** A driver on the way: glides to each new place, along the path it came when that is known, and leaves a line behind. */
export function MovingDriver({ movement, label, from, to, children }: MovingProps) {
  const group = useRef<SVGGElement>(null);
  const [behind, ahead] = [useRef<SVGPolylineElement>(null), useRef<SVGPolylineElement>(null)];
  const shown = useRef<Point>(movement.position);
  const trail = useRef<Point[]>([from]);
  const { place } = useScreen();
  const put = useLatest(() => {
    group.current?.setAttribute('transform', `translate(${pair(place(shown.current), ' ')})`);
    behind.current?.setAttribute('points', line([...trail.current, shown.current], place));
    ahead.current?.setAttribute('points', to ? line([shown.current, to], place) : '');
  });
  useLayoutEffect(() => put.current());
  useEffect(
    () =>
      glide(shown.current, movement, (at, passed) => {
        shown.current = at;
        trail.current.push(...passed);
        put.current();
      }),
    [movement],
  );
  return (
    <>
      <polyline ref={behind} class="map-path" aria-hidden="true" />
      <polyline ref={ahead} class="map-path map-path-ahead" aria-hidden="true" />
      {children}
      <g ref={group} class="marker marker-driver marker-live" role="img" aria-label={label}>
        <title>{label}</title>
        <circle class="marker-halo" r="22" />
        <circle r="13" />
        <path d={SHAPES.driver} transform={`rotate(${movement.heading ?? 0})`} />
      </g>
    </>
  );
}

/**
 * Goes from `start` over the path in the time that the path took, which ends about when the next movement comes. Tells
 * where it is, and which points of the path it passed on the way there.
 */
function glide(start: Point, { position, path }: Movement, tell: (at: Point, passed: PathPoint[]) => void) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const way = path.length > 1 ? path : [{ ...start, beforeMs: GLIDE_MS }, { ...position, beforeMs: 0 }];
  const long = Math.min(LONGEST_GLIDE_MS, way[0]?.beforeMs ?? 0);
  if (still || long <= 0) {
    tell(position, way);
    return undefined;
  }
  const began = performance.now();
  const speed = (way[0]?.beforeMs ?? long) / long;
  let next = 0;
  let frame = requestAnimationFrame(function step(now) {
    const left = Math.max(0, (long - (now - began)) * speed);
    const before = next;
    while (next < way.length && (way[next]?.beforeMs ?? 0) >= left) {
      next += 1;
    }
    tell(along(way, left), way.slice(before, next));
    if (left > 0) {
      frame = requestAnimationFrame(step);
    }
  });
  return () => cancelAnimationFrame(frame);
}

/** Where on the way one was `beforeMs` before its end. */
function along(way: PathPoint[], beforeMs: number): Point {
  const next = way.findIndex((each) => each.beforeMs <= beforeMs);
  const [from, to] = [way[next - 1], way[next === -1 ? way.length - 1 : next]];
  if (!to || !from) {
    return to ?? (way[0] as Point);
  }
  const span = from.beforeMs - to.beforeMs;
  return between(from, to, span > 0 ? (from.beforeMs - beforeMs) / span : 1);
}

export function Path({ points, kind = '' }: { points: Point[]; kind?: string }) {
  const { place } = useScreen();
  return <polyline class={`map-path ${kind}`} points={line(points, place)} aria-hidden="true" />;
}

function line(points: Point[], place: (point: Point) => Flat): string {
  return points.map((point) => pair(place(point), ',')).join(' ');
}

function pair({ x, y }: Flat, between: string): string {
  return `${x.toFixed(1)}${between}${y.toFixed(1)}`;
}
