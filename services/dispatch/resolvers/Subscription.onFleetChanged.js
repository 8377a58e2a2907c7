import { extensions } from '@aws-appsync/utils';
import { sendWhere } from '../../../infra/resolvers/subscription.js';

/** Nothing is looked up: the schema lets operators in, and nobody else. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { zone } = ctx.args;
  if (zone) {
    sendWhere([{ zone }, { formerZone: zone }]);
  } else {
    // A zone that is null would let through what has none: every change has its time.
    extensions.setSubscriptionFilter({ filterGroup: [{ filters: [{ fieldName: 'at', operator: 'ne', value: '-' }] }] });
  }
  return null;
}
