/** A base map of raster tiles, from whatever server a deployment names. */
import type { MapConfig } from '../platform/config';
import { type View, WORLD } from './projection';

const TILE = 256; // pixels

interface Props {
  source: NonNullable<MapConfig['tiles']>;
  view: View;
  width: number;
  height: number;
}

export function Tiles({ source, view, width, height }: Props) {
  const level = Math.max(0, Math.min(source.maxZoom, Math.round(Math.log2(WORLD / (TILE * view.scale)))));
  const count = 2 ** level;
  const side = WORLD / count;
  const [left, top] = [view.x - (width / 2) * view.scale + WORLD / 2, view.y - (height / 2) * view.scale + WORLD / 2];
  const found = [];
  for (let column = Math.floor(left / side); column * side < left + width * view.scale; column++) {
    for (let row = Math.floor(top / side); row * side < top + height * view.scale; row++) {
      if (row >= 0 && row < count) {
        found.push({ column, row });
      }
    }
  }
  const pixels = side / view.scale;
  return (
    <g class="map-tiles" aria-hidden="true">
      {found.map(({ column, row }) => (
        <image
          key={`${level}/${column}/${row}`}
          href={address(source.url, level, ((column % count) + count) % count, row)}
          x={(column * side - left) / view.scale} y={(row * side - top) / view.scale} width={pixels + 0.5} height={pixels + 0.5}
        />
      ))}
    </g>
  );
}

function address(template: string, z: number, x: number, y: number): string {
  return template.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
}
