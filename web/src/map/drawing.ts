/** A drawing of a city, as `public/maps/` has it. Every place is [east, north] in metres from its origin. */
import type { Point } from '../platform/config';

export type Place = [east: number, north: number];

export interface Drawing {
  origin: Point;
  river: Place[];
  riverWidth: number;
  bridges: Place[][];
  parks: Place[][];
  avenues: Place[][];
  /** Quarters of parallel streets: a middle, half the sides' lengths, a turn in degrees, and how far streets are apart. */
  quarters: { middle: Place; half: Place; turn: number; apart: Place }[];
}

export function outline(places: Place[]): string {
  return places.map((place) => place.join(',')).join(' ');
}

/** All streets of all quarters as one path. */
export function streets({ quarters }: Drawing): string {
  return quarters
    .flatMap(({ middle, half, turn, apart }) => {
      const put = turned(middle, turn);
      const lines: string[] = [];
      for (let east = -half[0]; east <= half[0]; east += apart[0]) {
        lines.push(`M${put([east, -half[1]])}L${put([east, half[1]])}`);
      }
      for (let north = -half[1]; north <= half[1]; north += apart[1]) {
        lines.push(`M${put([-half[0], north])}L${put([half[0], north])}`);
      }
      return lines;
    })
    .join('');
}

function turned([east, north]: Place, degrees: number): (place: Place) => string {
  const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return ([x, y]) => `${(east + x * cosine - y * sine).toFixed(0)} ${(north + x * sine + y * cosine).toFixed(0)}`;
}
