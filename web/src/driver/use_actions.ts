import { useEffect, useRef, useState } from 'preact/hooks';
import type { Refused } from '../platform/api';
import type { Config } from '../platform/config';
import { useLatest } from '../platform/hooks';
import { type Action, Actions, type Name } from './actions';

export type Take = (name: Name, variables: Action['variables'], photo?: Blob) => Promise<void>;

export interface TakenActions {
  take: Take;
  waiting: Action[];
  /** Counts the answers: what the platform shows may be different after each. */
  settled: number;
}

export function useActions(config: Config, user: string, answered: (action: Action, refusal: Refused | null) => void): TakenActions {
  const [waiting, setWaiting] = useState<Action[]>([]);
  const [settled, setSettled] = useState(0);
  const tell = useLatest(answered);
  const opened = useRef<Promise<Actions>>();
  const open = () =>
    (opened.current ??= Actions.open(
      user,
      async (deliveryId, photo) => (await import('./proof_photo')).keepPhoto(config, deliveryId, photo),
      {
        waiting: setWaiting,
        answered(action, refusal) {
          setSettled((count) => count + 1);
          tell.current(action, refusal);
        },
      },
    ));
  useEffect(() => {
    void open();
    import('./proof_photo').catch(() => undefined); // while there is a connection: at the door there may be none
  }, []);
  return { take: async (...action) => (await open()).take(...action), waiting, settled };
}
