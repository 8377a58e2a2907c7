/**
 * What a driver does, kept on the phone until the platform has answered.
 *
 * An action is stored before it is sent and forgotten when it was answered, so it survives a lost connection, a closed
 * page and an empty battery. Actions go out one at a time, in the order they were taken, from one page only. One whose
 * answer was lost, or that the platform could not do at the moment, is sent again, waiting longer each time: the platform
 * takes each of them twice without harm.
 */
import { Refused, ask } from '../platform/api';
import * as operations from './operations';

export type Name =
  | 'GO_ON_DUTY' | 'GO_OFF_DUTY' | 'ACCEPT_OFFER' | 'DECLINE_OFFER' | 'ARRIVE' | 'PICK_UP' | 'DELIVER' | 'DROP_OUT'
  | 'START_RETURN' | 'RETURNED';

export interface Action {
  key: number;
  name: Name;
  variables: { deliveryId?: string } & Record<string, unknown>;
  /** To be put into the store of proofs before the action is sent. */
  photo?: Blob;
}

export interface Watcher {
  /** These wait for an answer, oldest first. */
  waiting(actions: Action[]): void;
  /** The platform took it, or refused it for good. */
  answered(action: Action, refusal: Refused | null): void;
}

const STORE = 'actions';
const SHORTEST_MS = 1_000;
const LONGEST_MS = 30_000;

export class Actions {
  private again: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  private constructor(
    private readonly database: IDBDatabase,
    private readonly keepPhoto: (deliveryId: string, photo: Blob) => Promise<string>,
    private readonly watcher: Watcher,
  ) {}

  /** `user`: whose actions; another driver on the same phone has others. `keepPhoto` returns the photo's key. */
  static async open(user: string, keepPhoto: (deliveryId: string, photo: Blob) => Promise<string>, watcher: Watcher): Promise<Actions> {
    const request = indexedDB.open(`delivery-driver-${user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key', autoIncrement: true });
    const actions = new Actions(await result(request), keepPhoto, watcher);
    addEventListener('online', () => void actions.send());
    await actions.send();
    return actions;
  }

  async take(name: Name, variables: Action['variables'], photo?: Blob): Promise<void> {
    await result(this.store('readwrite').add({ name, variables, ...(photo ? { photo } : {}) }));
    await this.send();
  }

  private async send(): Promise<void> {
    this.watcher.waiting(await this.all());
    // Only one page sends; another one that is open finds the lock taken and its actions sent all the same.
    await navigator.locks.request('delivery-actions', { ifAvailable: true }, async (lock) => {
      if (lock) {
        await this.sendAll();
      }
    });
  }

  private async sendAll(): Promise<void> {
    for (let next = (await this.all())[0]; next; next = (await this.all())[0]) {
      const refusal = await this.perform(next);
      if (refusal && (refusal.again || refusal.kind === 'Unauthorized')) {
        clearTimeout(this.again);
        this.again = setTimeout(() => void this.send(), pause(this.failures++));
        return;
      }
      this.failures = 0;
      await result(this.store('readwrite').delete(next.key));
      this.watcher.waiting(await this.all());
      this.watcher.answered(next, refusal);
    }
  }

  /** Null when it was taken. */
  private async perform(action: Action): Promise<Refused | null> {
    try {
      const { name, variables } = await this.proved(action);
      await ask(operations[name], variables);
      return null;
    } catch (problem) {
      return problem instanceof Refused ? problem : new Refused('NoAnswer', String(problem));
    }
  }

  /** With its photo, if it has one, in the store of proofs: from then on its key goes out, and no photo again. */
  private async proved({ photo, ...action }: Action): Promise<Action> {
    if (!photo) {
      return action;
    }
    const photoKey = await this.keepPhoto(action.variables.deliveryId ?? '', photo);
    const proved = { ...action, variables: { ...action.variables, proof: { kind: 'PHOTO', photoKey } } };
    await result(this.store('readwrite').put(proved));
    return proved;
  }

  private all(): Promise<Action[]> {
    return result(this.store('readonly').getAll() as IDBRequest<Action[]>);
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

/** Milliseconds to wait after so many failures in a row before the next attempt; phones do not all come at once. */
function pause(failures: number): number {
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** failures) * (0.5 + Math.random() / 2);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB refused')));
  });
}
