import { util } from '@aws-appsync/utils';
import { causedBy } from '../../../infra/resolvers/caller.js';
import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { orderKey, toOrder } from './_order.js';

/**
 * One conditional write on the order `orderId`: `set` and `remove` (update expression clauses, with `values`) if its
 * status is one of `statuses`. `owner` ({attribute, id}) must match, too; operators have none. `once` is an attribute
 * that the write sets and that must not be there yet; `judged` asks for an order that was held to meet the rules.
 */
export function changeOrder(ctx, { statuses, owner, once, judged, set, remove, values }) {
  const allowed = {};
  for (const status of statuses) {
    allowed[`:${status}`] = status;
  }
  const conditionValues = owner ? { ...allowed, ':owner': owner.id } : allowed;
  const owned = owner ? '#owner = :owner AND ' : '';
  const first = once ? `attribute_not_exists(${once}) AND ` : '';
  const met = judged ? 'attribute_exists(merchant_key) AND ' : '';
  return {
    operation: 'UpdateItem',
    key: orderKey(ctx.args.orderId),
    update: {
      expression:
        `SET ${set}, #sequence = #sequence + :one, occurred_at = :now, caused_by = :caused_by` +
        (remove ? ` REMOVE ${remove}` : ''),
      expressionNames: { '#status': 'status', '#sequence': 'sequence' },
      expressionValues: util.dynamodb.toMapValues({
        ...values,
        ':one': 1,
        ':now': util.time.nowISO8601(),
        ':caused_by': causedBy(ctx),
      }),
    },
    condition: {
      expression: `attribute_exists(pk) AND ${owned}${first}${met}#status IN (${Object.keys(allowed).join(', ')})`,
      expressionNames: owner ? { '#owner': owner.attribute, '#status': 'status' } : { '#status': 'status' },
      expressionValues: util.dynamodb.toMapValues(conditionValues),
    },
  };
}

/**
 * The order as it now stands; also if `done(row)` says that the same was done before, as when an answer got lost and the
 * caller asks again. NotFound for another's order, Conflict for one in another status.
 */
export function changedOrder(ctx, { statuses, owner, address, done }) {
  const visible = (row) => !owner || row[owner.attribute] === owner.id;
  const refused = refusedItem(ctx);
  if (refused && visible(refused) && done(refused)) {
    return toOrder(refused, { address });
  }
  rethrow(ctx, {
    what: 'Order',
    visible,
    conflict: (row) => conflict(row, statuses),
  });
  return toOrder(ctx.result, { address });
}

function conflict(row, statuses) {
  return statuses.includes(row.status)
    ? 'The order was not yet held against the rules; try again'
    : `The order is ${row.status}; this needs it to be ${statuses.join(' or ')}`;
}
