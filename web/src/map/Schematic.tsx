/** The city as a drawing: water, parks and streets from a file of this repository. No tile server is asked for anything. */
import { memo } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import type { MapConfig } from '../platform/config';
import { type Drawing, outline, streets } from './drawing';
import { type View, flat, stretch } from './projection';

interface Props {
  config: MapConfig;
  view: View;
  width: number;
  height: number;
}

export function Schematic({ config, view, width, height }: Props) {
  const drawing = useDrawing(config.schematic);
  if (!drawing) {
    return <rect class="map-land" width="100%" height="100%" />;
  }
  const origin = flat(drawing.origin);
  const scale = stretch(drawing.origin) / view.scale;
  const x = (origin.x - view.x) / view.scale + width / 2;
  const y = (origin.y - view.y) / view.scale + height / 2;
  return (
    <g aria-hidden="true">
      <rect class="map-land" width="100%" height="100%" />
      <g transform={`translate(${x} ${y}) scale(${scale} ${-scale})`}>
        <Ground drawing={drawing} />
      </g>
    </g>
  );
}

/** In metres east and north of the drawing's origin; drawn once, moved as a whole. */
const Ground = memo(function Ground({ drawing }: { drawing: Drawing }) {
  return (
    <>
      {drawing.parks.map((park) => <polygon key={park.join()} class="map-park" points={outline(park)} />)}
      <path class="map-street" d={streets(drawing)} />
      {drawing.avenues.map((line) => <polyline key={line.join()} class="map-avenue" points={outline(line)} />)}
      <polyline class="map-water" points={outline(drawing.river)} stroke-width={drawing.riverWidth} />
      {drawing.bridges.map((line) => <polyline key={line.join()} class="map-avenue" points={outline(line)} />)}
    </>
  );
});

function useDrawing(address: string | undefined): Drawing | null {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    if (address) {
      void fetch(address).then(async (answer) => answer.ok && setDrawing((await answer.json()) as Drawing));
    }
  }, [address]);
  return drawing;
}

