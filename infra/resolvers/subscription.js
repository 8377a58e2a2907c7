import { extensions } from '@aws-appsync/utils';

// How long a subscription counts as somebody watching: about a trip. Whoever goes on watching subscribes anew.
export const WATCH_MS = 20 * 60 * 1000;

/** Let those messages through that have all values of one of these objects, such as `[{ orderId: '1' }]`. */
export function sendWhere(alternatives) {
  extensions.setSubscriptionFilter(filterOf(alternatives));
}

/** End the subscription once a right has ended that has all values of one of these objects. */
export function endWhere(alternatives) {
  extensions.setSubscriptionInvalidationFilter(filterOf(alternatives));
}

function filterOf(alternatives) {
  return {
    filterGroup: alternatives.map((wanted) => ({
      filters: Object.keys(wanted).map((fieldName) => ({ fieldName, operator: 'eq', value: wanted[fieldName] })),
    })),
  };
}
