/** What a deployment is, from `/config.json`: a file that is written when the pages are deployed, next to them. */

export interface Config {
  api: { url: string; region: string; key?: string };
  signIn: {
    userPoolId: string;
    clientId: string;
    identityPoolId: string;
    userPoolEndpoint?: string;
    identityPoolEndpoint?: string;
  };
  /** Where photos of a hand-over are put; `endpoint` is for a store that is not Amazon S3's own. */
  proofs: { bucket: string; endpoint?: string };
  map: MapConfig;
  /** By what the platform's durations are divided: 1 but for a sped-up local one. */
  timeScale: number;
  /** A local platform's: accounts to try, and phones that drive by themselves. */
  demo?: { password: string; accounts: Record<Group, string>; metresPerSecond: number };
}

export interface MapConfig {
  /** Where a map begins when nothing else says where to look. */
  centre: Point;
  radiusMetres: number;
  /** Address of a drawing of the city, as `public/maps/` has one. */
  schematic?: string;
  /** A raster tile server instead: its address with {z}, {x} and {y}, and whom to thank. */
  tiles?: { url: string; attribution: string; maxZoom: number };
  /** The zones that dispatch plans in, each a ring of corners. */
  zones: Zone[];
}

export interface Point {
  lat: number;
  lng: number;
}

export interface Zone {
  id: string;
  corners: [lat: number, lng: number][];
}

export type Group = 'customer' | 'driver' | 'operator';

export async function readConfig(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' });
  if (!answer.ok) {
    throw new Error(`/config.json: ${answer.status} ${answer.statusText}`);
  }
  return (await answer.json()) as Config;
}
