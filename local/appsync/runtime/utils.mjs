// `@aws-appsync/utils` as the APPSYNC_JS runtime provides it. Source: AWS AppSync Developer Guide,
// "Built-in utilities" and "Runtime utilities".
import { randomUUID } from 'node:crypto';

import { dynamodb } from './dynamodb.mjs';
import { ksuid, ulid } from './ids.mjs';
import { NotProvided, provided } from './provided.mjs';
import { time } from './time.mjs';

export class ResolverError extends Error {
  constructor(message, errorType, data, errorInfo) {
    super(String(message));
    Object.assign(this, { errorType: errorType ?? null, data: data ?? null, errorInfo: errorInfo ?? null });
  }
}
export class Unauthorized extends Error {}
export class EarlyReturn extends Error {
  constructor(value) {
    super('early return');
    this.value = value;
  }
}

// What one evaluation leaves beside its result. The worker evaluates one handler at a time.
export const session = {
  start(authType) {
    Object.assign(this, { appended: [], logs: [], effects: [], authType });
  },
};

// Java's Pattern either searches or matches the whole text, and AWS does not say which one util.matches does: an
// anchored pattern gives the same answer both ways, any other is refused.
function matches(pattern, value) {
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) {
    throw new NotProvided(`util.matches with a pattern that is not anchored by ^ and $: ${pattern}`);
  }
  return new RegExp(pattern, 'u').test(value);
}

// application/x-www-form-urlencoded: a space is '+', and only letters, digits and .-*_ stay as they are.
function urlEncode(value) {
  const hex = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value).replace(/[!'()~]/g, hex).replaceAll('%20', '+');
}

export const util = provided('util', {
  error(message, errorType, data, errorInfo) {
    throw new ResolverError(message, errorType, data, errorInfo);
  },
  appendError(message, errorType = null, data = null, errorInfo = null) {
    session.appended.push({ message: String(message), errorType, data, errorInfo });
  },
  unauthorized() {
    throw new Unauthorized();
  },
  authType: () => session.authType,
  autoId: () => randomUUID(),
  autoKsuid: ksuid,
  autoUlid: ulid,
  base64Decode: (value) => Buffer.from(value, 'base64').toString('utf8'),
  base64Encode: (value) => Buffer.from(value, 'utf8').toString('base64'),
  matches,
  urlDecode: (value) => decodeURIComponent(value.replaceAll('+', ' ')),
  urlEncode,
  dynamodb,
  time,
  math: provided('util.math', {
    maxVal: (first, second) => Math.max(first, second),
    minVal: (first, second) => Math.min(first, second),
    randomDouble: () => Math.random(),
    randomWithinRange: (start, end) => start + Math.floor(Math.random() * (end - start)),
    roundNum: (value) => Math.round(value),
  }),
  str: provided('util.str', { normalize: (value, form) => value.normalize(form.toUpperCase()) }),
});

export const runtime = provided('runtime', {
  earlyReturn(value) {
    throw new EarlyReturn(value);
  },
});

// Subscriptions live beside this worker, not in it: what a handler asks for is told to the gateway, which does it.
const effect = (name) => (argument) => {
  session.effects.push({ name, argument });
};

export const extensions = provided('extensions', {
  setSubscriptionFilter: effect('setSubscriptionFilter'),
  setSubscriptionInvalidationFilter: effect('setSubscriptionInvalidationFilter'),
  invalidateSubscriptions: effect('invalidateSubscriptions'),
});
