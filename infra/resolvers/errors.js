import { util } from '@aws-appsync/utils';

const CONDITION_FAILED = 'DynamoDB:ConditionalCheckFailedException';
const TRANSACTION_CANCELLED = 'DynamoDB:TransactionCanceledException';

/** Refuse the request before anything is written. The message says what is wrong and what is right. */
export function invalid(message) {
  util.error(message, 'Invalid');
}

export function notFound(what) {
  util.error(`${what} not found`, 'NotFound');
}

/**
 * Raise what went wrong in the data source, if anything did. A failed condition is `NotFound` when `visible(item)` is
 * false, so that another's item cannot be told from none, and `Conflict` with `conflict(item)` as its text otherwise.
 * The stored item itself is never part of an error.
 */
export function rethrow(ctx, { what, visible, conflict }) {
  if (!ctx.error) {
    return;
  }
  if (ctx.error.type === CONDITION_FAILED || ctx.error.type === TRANSACTION_CANCELLED) {
    const item = failedItem(ctx);
    if (!item || !visible(item)) {
      notFound(what);
    }
    util.error(conflict(item), 'Conflict');
  }
  util.error('The request could not be carried out; try again', 'Internal');
}

/** The item as it stands whose condition failed: in a transaction the first of those whose condition failed. */
function failedItem(ctx) {
  if (ctx.error.type === CONDITION_FAILED) {
    return ctx.result;
  }
  for (const reason of ctx.result?.cancellationReasons ?? []) {
    if (reason.type === 'ConditionalCheckFailed') {
      return reason.item;
    }
  }
  return null;
}
