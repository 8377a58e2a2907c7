import { useState } from 'preact/hooks';
import type { FailureQueue } from '../api/types';
import { ask } from '../platform/api';
import { useRepeated, useSettling } from '../platform/hooks';
import { say } from '../platform/messages';
import { sayProblem } from '../platform/problems';
import { FAILURE_QUEUES, REDRIVE_FAILURES } from './operations';

export interface Failures {
  /** Those with messages in them; null before it is known. */
  queues: FailureQueue[] | null;
  redrive: (queue: string) => void;
  /** When something was last sent back from here, in milliseconds since 1970. */
  sentBack: number | null;
  /** What came of the last redrive. */
  said: string;
}

const ASK_EVERY_MS = 30_000;
const SETTLES_MS = [1_000, 4_000]; // messages go back one after the other, and what fails again comes again

/** Whose failures a queue takes, such as `orders-inbox`: so the commands call it. */
export function whose(queue: string): string {
  return queue.replace(/^delivery-|-failures(\.fifo)?$/g, '');
}

export function useFailures(): Failures {
  const [queues, setQueues] = useState<FailureQueue[] | null>(null);
  const [said, setSaid] = useState('');
  const [sentBack, setSentBack] = useState<number | null>(null);
  const look = useRepeated(async () => {
    const found = await ask<FailureQueue[]>(FAILURE_QUEUES).catch(() => null);
    if (found) {
      setQueues(found.filter(({ messages }) => messages > 0));
    }
  }, ASK_EVERY_MS);
  useSettling(look, sentBack, SETTLES_MS);
  const redrive = async (queue: string) => {
    try {
      await ask(REDRIVE_FAILURES, { queue });
      setSaid(say('failures.redriven', { queue: whose(queue) }));
    } catch (problem) {
      setSaid(sayProblem(problem));
    }
    setSentBack(Date.now());
  };
  return { queues, redrive: (queue) => void redrive(queue), sentBack, said };
}
