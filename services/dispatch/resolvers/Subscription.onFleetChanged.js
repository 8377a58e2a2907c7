import { extensions, util } from '@aws-appsync/utils';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { sendWhere } from '../../../infra/resolvers/subscription.js';

// How long a subscription counts as an operator watching. Whoever goes on watching subscribes anew.
const WATCH_MS = 20 * 60 * 1000;

/** Note that somebody watches: of a fleet at which nobody looks, nothing is told. The schema lets operators in alone. */
export function request() {
  const until = util.time.epochMilliSecondsToISO8601(util.time.nowEpochMilliSeconds() + WATCH_MS);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ pk: 'FLEET', sk: 'WATCH' }),
    update: {
      expression: 'SET watched_until = :until',
      expressionValues: util.dynamodb.toMapValues({ ':until': until }),
    },
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Fleet', visible: () => true });
  const { zone } = ctx.args;
  if (zone) {
    sendWhere([{ zone }, { formerZone: zone }]);
  } else {
    // A zone that is null would let through what has none: every change has its time.
    extensions.setSubscriptionFilter({ filterGroup: [{ filters: [{ fieldName: 'at', operator: 'ne', value: '-' }] }] });
  }
  return null;
}
