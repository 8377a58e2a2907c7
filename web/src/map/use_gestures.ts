/** What fingers and the mouse do on a map: move it, bring it nearer with two fingers, press on a place. */
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { type Flat, type View, zoomed } from './projection';

const STILL = 6; // pixels that a press may move

export interface Gestures {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerCancel(event: PointerEvent): void;
}

/** `show` is called with another view; `press` with the place that was pressed, in pixels from the middle, if nothing stands there. */
export function useGestures(frame: RefObject<Element>, view: View, show: (view: View) => void, press: (at: Flat) => void): Gestures {
  const latest = useRef(view);
  latest.current = view;
  const fingers = useRef(new Map<number, Flat>());
  const began = useRef<Flat | null>(null); // null once it is more than a press
  const gone = ({ pointerId }: PointerEvent) => void fingers.current.delete(pointerId);
  return {
    onPointerDown(event) {
      began.current = fingers.current.size ? null : fromMiddle(event, frame);
      fingers.current.set(event.pointerId, fromMiddle(event, frame));
    },
    onPointerMove(event) {
      const before = fingers.current.get(event.pointerId);
      if (!before || !event.buttons) {
        gone(event); // let go outside of the map
        return;
      }
      const now = fromMiddle(event, frame);
      if (began.current && distance(began.current, now) <= STILL) {
        return;
      }
      if (began.current) {
        began.current = null;
        frame.current?.setPointerCapture(event.pointerId); // not before: a press is for whatever stands there
      }
      fingers.current.set(event.pointerId, now);
      const [other] = [...fingers.current].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      latest.current = other
        ? zoomed(latest.current, distance(before, other) / Math.max(1, distance(now, other)), middle(before, other), middle(now, other))
        : zoomed(latest.current, 1, before, now);
      show(latest.current);
    },
    onPointerUp(event) {
      const onMarker = (event.target as Element).closest('[role="button"]');
      if (began.current && fingers.current.has(event.pointerId) && !onMarker) {
        press(fromMiddle(event, frame));
      }
      gone(event);
    },
    onPointerCancel: gone,
  };
}

function fromMiddle({ clientX, clientY }: PointerEvent, frame: RefObject<Element>): Flat {
  const { left, top, width, height } = frame.current?.getBoundingClientRect() ?? new DOMRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

function distance(a: Flat, b: Flat): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: Flat, b: Flat): Flat {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
