import { partnerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';

export function request(ctx) {
  const { first, after } = ctx.args;
  return pageRequest({ index: 'log-index', partition: 'log', value: `DELIVERIES#${partnerId(ctx)}`, sort: 'log_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Deliveries' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'log_key', first, after, node: toDelivery });
}

function toDelivery(row) {
  return {
    eventId: row.event_id,
    type: row.type,
    aggregateId: row.aggregate_id,
    sequence: row.event_sequence,
    occurredAt: row.occurred_at,
    state: row.state,
    attempts: row.attempts,
    triedAt: row.tried_at,
    deliveredAt: row.delivered_at,
    nextAttemptAt: row.due,
    status: row.code,
    problem: row.problem,
    replayId: row.replay_id,
  };
}
