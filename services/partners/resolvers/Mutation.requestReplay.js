import { util } from '@aws-appsync/utils';
import { causedBy, partnerId } from '../../../infra/resolvers/caller.js';
import { checkUuid, isUuid, momentOf } from '../../../infra/resolvers/checks.js';
import { again, invalid } from '../../../infra/resolvers/errors.js';
import { toReplay } from './_replay.js';

const MOST_EVENTS = 100;
const KEPT_SECONDS = 32 * 86400; // as long as the deliveries themselves

/** The table's stream starts the replay. */
export function request(ctx) {
  const { input } = ctx.args;
  check(input);
  const partner = partnerId(ctx);
  const now = util.time.nowISO8601();
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ pk: `PARTNER#${partner}`, sk: `REPLAY#${input.id}` }),
    attributeValues: util.dynamodb.toMapValues({
      partner_id: partner,
      replay_id: input.id,
      state: 'REQUESTED',
      input: JSON.stringify(asked(input)),
      undelivered: input.undeliveredOnly,
      requested_at: now,
      log: `REPLAYS#${partner}`,
      log_key: `${now}#${input.id}`,
      occurred_at: now,
      caused_by: causedBy(ctx),
      expires_at: util.time.nowEpochSeconds() + KEPT_SECONDS,
      ...(input.eventIds ? { event_ids: input.eventIds } : { start: utc('from', input), end: input.to ? utc('to', input) : now }),
    }),
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}

/** The id is the idempotency key: asking for the same again gets the replay that is there. */
export function response(ctx) {
  if (!ctx.error) {
    return toReplay(ctx.result);
  }
  if (ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    again('The replay could not be asked for; try again', 'Internal');
  }
  if (!ctx.result || ctx.result.input !== JSON.stringify(asked(ctx.args.input))) {
    util.error('Another replay has this id; choose a new UUID', 'Conflict');
  }
  return toReplay(ctx.result);
}

/** What was asked for, in one fixed order of fields, so that two requests can be compared. */
function asked(input) {
  return [input.eventIds ?? null, input.from ?? null, input.to ?? null, input.undeliveredOnly];
}

/** As all times in the table, so that they can be compared as text. */
function utc(field, input) {
  return util.time.epochMilliSecondsToISO8601(momentOf(`input.${field}`, input[field]));
}

function check(input) {
  checkUuid('input.id', input.id);
  if (!input.eventIds === !input.from) {
    invalid('input needs either eventIds or from');
  }
  if (input.eventIds) {
    checkEvents(input);
  } else if (input.to && utc('to', input) < utc('from', input)) {
    invalid('input.to is before input.from');
  } else if (!input.to && util.time.nowISO8601() < utc('from', input)) {
    invalid('input.from is in the future; nothing has happened since');
  }
}

function checkEvents(input) {
  if (input.to) {
    invalid('input.to goes with from, not with eventIds');
  }
  if (input.eventIds.length < 1 || input.eventIds.length > MOST_EVENTS) {
    invalid(`input.eventIds has ${input.eventIds.length} entries; allowed are 1 to ${MOST_EVENTS}`);
  }
  for (const id of input.eventIds) {
    if (!isUuid(id)) {
      invalid('input.eventIds: each is an event id, a UUID in lower case');
    }
  }
}
