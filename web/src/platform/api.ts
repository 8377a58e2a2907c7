/** The GraphQL API: one call, and one subscription that says when it is live and when it is not. */
import { Amplify } from 'aws-amplify';
import { CONNECTION_STATE_CHANGE, ConnectionState, generateClient } from 'aws-amplify/api';
import { Hub } from 'aws-amplify/utils';
import type { Config } from './config';
import { allowPlainSockets } from './plain_sockets';
import { refusal } from './refused';

export { Refused } from './refused';

export type Variables = Record<string, unknown>;

interface Client {
  graphql(request: { query: string; variables: Variables; authMode?: 'apiKey' }): Promise<unknown> | Source;
}

interface Source {
  subscribe(observer: { next(value: unknown): void; error(problem: unknown): void }): { unsubscribe(): void };
}

let client: Client | undefined;
let keyed = false;

export interface Ways {
  /** Without a sign-in, by the deployment's key, which shows nothing but what a tracking link shows. */
  open?: boolean;
  /** With credentials for the store of proofs. Only drivers get any: to ask for them as somebody else is an error. */
  proofs?: boolean;
}

export function connect(config: Config, { open = false, proofs = false }: Ways): void {
  const { api, signIn } = config;
  if (api.url.startsWith('http:')) {
    allowPlainSockets(api.url);
  }
  keyed = open;
  Amplify.configure({
    API: {
      GraphQL: {
        endpoint: api.url,
        region: api.region,
        defaultAuthMode: open ? 'apiKey' : 'userPool',
        ...(api.key ? { apiKey: api.key } : {}),
      },
    },
    ...(open ? {} : { Auth: { Cognito: proofs ? { ...usersOf(signIn), ...identitiesOf(signIn) } : usersOf(signIn) } }),
  });
  client = generateClient() as unknown as Client;
}

function usersOf({ userPoolId, clientId, userPoolEndpoint }: Config['signIn']) {
  return { userPoolId, userPoolClientId: clientId, ...(userPoolEndpoint ? { userPoolEndpoint } : {}) };
}

function identitiesOf({ identityPoolId, identityPoolEndpoint }: Config['signIn']) {
  return { identityPoolId, allowGuestAccess: false, ...(identityPoolEndpoint ? { identityPoolEndpoint } : {}) };
}

/** The answer's one root field, with null for what within it was refused. Raises Refused when all of it was. */
export async function ask<T>(query: string, variables: Variables = {}): Promise<T> {
  try {
    const answer = (await call(query, variables)) as { data: Record<string, T> };
    return Object.values(answer.data)[0] as T;
  } catch (problem) {
    const part = Object.values((problem as { data?: Record<string, T | null> | null }).data ?? {})[0];
    if (part) {
      return part;
    }
    throw refusal(problem);
  }
}

/** All root fields of the answer, with null for each that was refused. Raises Refused when all of them were. */
export async function read<T extends Record<string, unknown>>(query: string, variables: Variables = {}): Promise<{ [K in keyof T]: T[K] | null }> {
  try {
    return ((await call(query, variables)) as { data: T }).data;
  } catch (problem) {
    const { data } = problem as { data?: T | null };
    if (data && Object.values(data).some((part) => part !== null)) {
      return data;
    }
    throw refusal(problem);
  }
}

function call(query: string, variables: Variables): Promise<unknown> | Source {
  if (!client) {
    throw new Error('connect() comes first');
  }
  return client.graphql({ query, variables, ...(keyed ? { authMode: 'apiKey' as const } : {}) });
}

export interface Listener<T> {
  /** Something happened. */
  next(value: T): void;
  /** From now on nothing is missed; what happened before has to be asked for. Called again after each reconnection. */
  live(): void;
  /** The connection is down; it is tried again by itself. */
  down(): void;
}

const AGAIN_MS = 5_000;
const ACKNOWLEDGED = 'Subscription ack';
const LOST = new Set<unknown>([ConnectionState.ConnectionDisrupted, ConnectionState.ConnectionDisruptedPendingNetwork]);

/** Subscribes until the returned function is called. A subscription that fails is made again every few seconds. */
export function listen<T>(query: string, variables: Variables, listener: Listener<T>): () => void {
  let ended = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let subscription: { unsubscribe(): void } | undefined;
  const open = () => {
    subscription = (call(query, variables) as Source).subscribe({
      next(value) {
        const { data } = value as { data: Record<string, T | null> };
        const content = Object.values(data)[0];
        if (content) {
          listener.next(content);
        }
      },
      error() {
        subscription?.unsubscribe();
        listener.down();
        if (!ended) {
          again = setTimeout(open, AGAIN_MS);
        }
      },
    });
  };
  const unhear = hearConnection(query, listener);
  open();
  return () => {
    ended = true;
    clearTimeout(again);
    unhear();
    subscription?.unsubscribe();
  };
}

/** All subscriptions share one connection; Amplify tells the page's hub of its state and of each acknowledgement. */
function hearConnection(query: string, { live, down }: Pick<Listener<unknown>, 'live' | 'down'>): () => void {
  return Hub.listen('api', ({ payload }) => {
    const data = payload.data as { query?: string; connectionState?: ConnectionState } | undefined;
    if (payload.event === ACKNOWLEDGED && nameOf(data?.query) === nameOf(query)) {
      live();
    } else if (payload.event === CONNECTION_STATE_CHANGE && LOST.has(data?.connectionState)) {
      down();
    }
  });
}

/** An operation's name: Amplify tells of a document that it has printed anew. */
function nameOf(document: string | undefined): string | undefined {
  return /subscription\s+(\w+)/.exec(document ?? '')?.[1];
}
