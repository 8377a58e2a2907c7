/** A map that one can move with a pointer or the keyboard. What stands on it are its children, made of `Marker` and `Path`. */
import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MapConfig, Point } from '../platform/config';
import { say } from '../platform/messages';
import { Schematic } from './Schematic';
import { Tiles } from './Tiles';
import { Zones } from './Zones';
import { type Flat, type View, fit, flat, unflat, zoomed } from './projection';
import { useGestures } from './use_gestures';

interface Screen {
  place(point: Point): Flat;
}

const Context = createContext<Screen>({ place: flat });

export function useScreen(): Screen {
  return useContext(Context);
}

interface Props {
  config: MapConfig;
  label: string;
  /** What should be seen; the map follows while nobody has moved it. */
  focus: Point[];
  zones?: { shade(id: string): number };
  /** Called with the place that was pressed. */
  onPick?: (at: Point) => void;
  children?: ComponentChildren;
}

const STEP = 60; // pixels for an arrow key

export function CityMap({ config, label, focus, zones, onPick, children }: Props) {
  const frame = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width: 640, height: 420 });
  const [moved, setMoved] = useState<View | null>(null);
  useLayoutEffect(() => watchSize(frame.current, setSize), []);
  const around = focus.length ? focus : [config.centre];
  const view = moved ?? fit(around, size.width, size.height);
  const screen = useMemo(() => ({ place: (point: Point) => onScreen(flat(point), view, size) }), [view.x, view.y, view.scale, size]);

  const gestures = useGestures(frame, view, setMoved, (at) => onPick?.(unflat({ x: view.x + at.x * view.scale, y: view.y + at.y * view.scale })));
  const shift = (dx: number, dy: number) => setMoved({ ...view, x: view.x + dx * view.scale, y: view.y + dy * view.scale });
  const zoom = (by: number) => setMoved(zoomed(view, by));
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => hearWheel(frame.current, (by) => latest.current(by)), []);

  const keys: Record<string, () => void> = {
    ArrowLeft: () => shift(-STEP, 0),
    ArrowRight: () => shift(STEP, 0),
    ArrowUp: () => shift(0, -STEP),
    ArrowDown: () => shift(0, STEP),
    '+': () => zoom(0.8),
    '-': () => zoom(1.25),
    Enter: () => onPick?.(unflat(view)),
  };
  const press = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (act && event.target === frame.current) {
      event.preventDefault();
      act();
    }
  };
  // In SVG the names of attributes keep their case, and a browser knows `tabindex` alone.
  return (
    <div class="map">
      <svg
        ref={frame} class="map-frame" role="application" aria-label={label} aria-roledescription={say('map.role')}
        tabindex={0} onKeyDown={press} {...gestures}
      >
        {config.tiles ? <Tiles source={config.tiles} view={view} {...size} /> : <Schematic config={config} view={view} {...size} />}
        {zones && <Zones zones={config.zones} shade={zones.shade} view={view} {...size} />}
        <Context.Provider value={screen}>{children}</Context.Provider>
        {onPick && <path class="map-cross" d={`M${size.width / 2 - 7} ${size.height / 2}h14m-7 -7v14`} />}
      </svg>
      <div class="map-tools">
        <button type="button" onClick={() => zoom(0.7)} aria-label={say('map.nearer')}>+</button>
        <button type="button" onClick={() => zoom(1.4)} aria-label={say('map.farther')}>−</button>
        {moved && <button type="button" onClick={() => setMoved(null)} aria-label={say('map.follow')}>◎</button>}
      </div>
      <p class="map-thanks">{config.tiles ? config.tiles.attribution : say('map.schematic')}</p>
    </div>
  );
}

function onScreen(at: Flat, view: View, size: { width: number; height: number }): Flat {
  return { x: (at.x - view.x) / view.scale + size.width / 2, y: (at.y - view.y) / view.scale + size.height / 2 };
}

function watchSize(frame: SVGSVGElement | null, tell: (size: { width: number; height: number }) => void) {
  if (!frame) {
    return undefined;
  }
  const look = () => {
    const { width, height } = frame.getBoundingClientRect();
    if (width && height) {
      tell({ width, height });
    }
  };
  const observer = new ResizeObserver(look);
  observer.observe(frame);
  look();
  return () => observer.disconnect();
}

/** Not by a property: the browser lets nobody hold back the page's own scrolling from there. */
function hearWheel(frame: SVGSVGElement | null, zoom: (by: number) => void) {
  const turn = (event: WheelEvent) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
  };
  frame?.addEventListener('wheel', turn, { passive: false });
  return () => frame?.removeEventListener('wheel', turn);
}
