/** What stands or moves on a map. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PathPoint } from '../api/types';
import type { Point } from '../platform/config';
import { useScreen } from './Map';
import { between } from './projection';

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
  const { x, y } = useScreen().place(at);
  return (
    <g
      class={`marker marker-${kind} ${tone}`} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      {...(onPress ? { role: 'button', tabIndex: 0, 'aria-label': label, onClick: onPress, onKeyDown: pressed(onPress) } : { role: 'img', 'aria-label': label })}
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

/** A driver on the way: glides to each new place, along the path it came when that is known. */
export function MovingDriver({ movement, label, tone = '' }: { movement: Movement; label: string; tone?: string }) {
  const group = useRef<SVGGElement>(null);
  const shown = useRef<Point>(movement.position);
  const { place } = useScreen();
  const draw = useRef(place);
  draw.current = place;
  const put = () => {
    const { x, y } = draw.current(shown.current);
    group.current?.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  };
  useLayoutEffect(put);
  useEffect(() => glide(shown, movement, put), [movement]);
  return (
    <g ref={group} class={`marker marker-driver marker-live ${tone}`} role="img" aria-label={label}>
      <title>{label}</title>
      <circle class="marker-halo" r="22" />
      <circle r="13" />
      <path d={SHAPES.driver} transform={`rotate(${movement.heading ?? 0})`} />
    </g>
  );
}

/** Moves `shown` over the path in the time that the path took, which ends about when the next movement comes. */
function glide(shown: { current: Point }, { position, path }: Movement, put: () => void) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const way = path.length > 1 ? path : [{ ...shown.current, beforeMs: GLIDE_MS }, { ...position, beforeMs: 0 }];
  const long = Math.min(LONGEST_GLIDE_MS, way[0]?.beforeMs ?? 0);
  if (still || long <= 0) {
    shown.current = position;
    put();
    return undefined;
  }
  const began = performance.now();
  const speed = (way[0]?.beforeMs ?? long) / long;
  let frame = requestAnimationFrame(function step(now) {
    const left = Math.max(0, (long - (now - began)) * speed);
    shown.current = along(way, left);
    put();
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
  const line = points.map((point) => {
    const { x, y } = place(point);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return <polyline class={`map-path ${kind}`} points={line.join(' ')} aria-hidden="true" />;
}
