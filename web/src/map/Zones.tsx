/** The zones that dispatch plans in, darker the more goes on there. */
import type { Zone } from '../platform/config';
import { type View, flat } from './projection';

interface Props {
  zones: Zone[];
  /** 0 to 1. */
  shade(id: string): number;
  view: View;
  width: number;
  height: number;
}

export function Zones({ zones, shade, view, width, height }: Props) {
  const place = ([lat, lng]: [number, number]) => {
    const { x, y } = flat({ lat, lng });
    return `${((x - view.x) / view.scale + width / 2).toFixed(1)},${((y - view.y) / view.scale + height / 2).toFixed(1)}`;
  };
  return (
    <g class="map-zones" aria-hidden="true">
      {zones.map(({ id, corners }) => (
        <polygon key={id} points={corners.map(place).join(' ')} fill-opacity={0.07 * shade(id)} />
      ))}
    </g>
  );
}
