/** What a tracking link shows. The token is the address's fragment, which a browser sends to nobody. */
import { useState } from 'preact/hooks';
import type { SharedTrackingChange, Tracking } from '../api/types';
import type { Movement } from '../map/Marker';
import { Refused, ask } from '../platform/api';
import type { Config } from '../platform/config';
import { useRepeated, useSubscription, useWatching } from '../platform/hooks';
import { say } from '../platform/messages';
import { Frame } from '../ui/Frame';
import { Watched } from '../ui/Watched';
import { ON_SHARED_TRACKING_CHANGED, SHARED_TRACKING } from './operations';

const ASK_EVERY_MS = 4_000;
const ASK_LIVE_MS = 120_000; // what could not be told is never told again

type Moved = Movement & { expectedArrivalAt: string | null; sequence: number };

export function TrackPage({ config, token }: { config: Config; token: string }) {
  const [tracking, setTracking] = useState<Tracking | null>(null);
  const [moved, setMoved] = useState<Moved | null>(null);
  const [gone, setGone] = useState(!token);
  const live = useSubscription<SharedTrackingChange>(ON_SHARED_TRACKING_CHANGED, gone ? null : { token }, {
    next: (news) => (news.position ? setMoved((known) => later(known, news)) : look()),
    live: () => look(),
  }, useWatching());
  const look = useRepeated(async () => {
    try {
      const found = await ask<Tracking | null>(SHARED_TRACKING, { token });
      setTracking(found);
      setGone(found === null);
    } catch (problem) {
      // Whatever else goes wrong may be right at the next look.
      setGone(problem instanceof Refused && problem.kind === 'NotFound');
    }
  }, gone ? null : live ? ASK_LIVE_MS : ASK_EVERY_MS);
  return (
    <Frame title={say('track.title')} {...(gone ? {} : { live })}>
      {gone && <p class="card empty">{say('track.gone')}</p>}
      {!gone && !tracking && <p class="empty" role="status">{say('loading')}</p>}
      {!gone && tracking && <Watched config={config} tracking={tracking} movement={moved ?? asked(tracking)} />}
    </Frame>
  );
}

function later(known: Moved | null, { position, positionSequence, expectedArrivalAt }: SharedTrackingChange): Moved | null {
  const sequence = positionSequence ?? 0;
  if (!position || (known && known.sequence >= sequence)) {
    return known;
  }
  return { position, heading: position.heading, path: [], expectedArrivalAt, sequence };
}

function asked({ position }: Tracking): Movement | null {
  return position && { position, heading: position.heading, path: [] };
}
