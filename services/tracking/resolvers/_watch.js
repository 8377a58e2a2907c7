import { util } from '@aws-appsync/utils';
import { WATCH_MS } from '../../../infra/resolvers/subscription.js';
import { instant } from './_report.js';

/** The key of an order's row. */
export function orderKey(id) {
  return util.dynamodb.toMapValues({ pk: `ORDER#${id}`, sk: 'TRACKING' });
}

/**
 * Note on an order's row that somebody watches it, if `condition` holds (with none, of any order): the one write of a subscription, which looks the
 * caller's right up as well. `revision` counts what resolvers write, so that no event's handling overwrites it.
 */
export function watch(orderId, { condition, values } = {}) {
  return {
    operation: 'UpdateItem',
    key: orderKey(orderId),
    update: {
      expression: 'SET watched_until = :until ADD revision :one',
      expressionValues: util.dynamodb.toMapValues({
        ':until': instant(util.time.nowEpochMilliSeconds() + WATCH_MS),
        ':one': 1,
      }),
    },
    condition: condition
      ? { expression: `attribute_exists(pk) AND ${condition}`, expressionValues: util.dynamodb.toMapValues(values) }
      : { expression: 'attribute_exists(pk)' },
  };
}
