import { extensions, util } from '@aws-appsync/utils';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { WATCH_MS, sendWhere } from '../../../infra/resolvers/subscription.js';

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
