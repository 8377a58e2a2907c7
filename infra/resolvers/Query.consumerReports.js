import { util } from '@aws-appsync/utils';
import { answerOfAws, askAws } from './aws.js';
import { checkUuid, momentOf } from './checks.js';
import { consumers } from './consumers.js';
import { invalid } from './errors.js';

const GROUPS = '/aws/lambda/delivery-'; // as infra/names.py has it
const MOST = 500; // lines in a page; an order's in one log are about a hundred
const LONGEST_MS = 24 * 3600 * 1000;
const NEVER_LOGGED = 'ResourceNotFoundException';
const NO_CURSOR = 'InvalidParameterException';
const DECISION = 'trip offered';

export function request(ctx) {
  const { consumer, orderId, since, until, after } = ctx.args;
  const known = consumers(ctx);
  if (!known.includes(consumer)) {
    invalid(`consumer is ${consumer}; allowed are ${known.join(', ')}`);
  }
  checkUuid('orderId', orderId);
  const from = momentOf('since', since);
  const to = momentOf('until', until);
  if (from < 0) {
    invalid(`since is ${since}; allowed is a time from 1970 on`);
  }
  if (to < from || to > from + LONGEST_MS) {
    invalid(`until is ${until}; allowed is from since to a day later`);
  }
  return askAws('Logs_20140328.FilterLogEvents', '1.1', {
    logGroupName: `${GROUPS}${consumer}`,
    filterPattern: `"${orderId}"`,
    startTime: from,
    endTime: to,
    limit: MOST,
    ...(after ? { nextToken: after } : {}),
  });
}

export function response(ctx) {
  const { error, content } = answerOfAws(ctx, ctx.args.after ? [NEVER_LOGGED, NO_CURSOR] : [NEVER_LOGGED]);
  if (error === NO_CURSOR) {
    invalid('after is not a cursor of this list');
  }
  const lines = error ? [] : content.events;
  const told = lines.map(({ timestamp, message }) => ({ at: timestamp, line: read(message) }));
  return {
    reports: told.filter(({ line }) => line.event_id || line.message === DECISION).map(report),
    endCursor: content.nextToken ?? null,
  };
}

/** A line of a function's log. One that is no JSON, or was cut off, is none of ours. */
function read(message) {
  const text = message.trim();
  return text.startsWith('{') && text.endsWith('}') ? JSON.parse(text) : {};
}

function report({ at, line }) {
  return {
    at: util.time.epochMilliSecondsToISO8601(at),
    eventId: line.event_id ?? null,
    outcome: line.outcome ?? line.message,
    reason: line.reason ?? null,
    partner: line.partner ?? null,
    decision: line.message === DECISION ? decision(line) : null,
  };
}

/** A trip that was offered, as services/dispatch/rounds.py writes of it. */
function decision(line) {
  return {
    driverId: line.driver_id,
    decided: line.decided ?? '',
    deliveries: line.size ?? 1,
    metres: line.metres ?? 0,
    leavesWhenFree: line.leaves_when_free ?? false,
    considered: (line.considered ?? []).map((each) => ({
      driverId: each.driver_id,
      costsMoreSeconds: each.costs_more_s,
      because: each.because,
    })),
  };
}
