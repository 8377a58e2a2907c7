import { util } from '@aws-appsync/utils';

const CONDITION_FAILED = 'DynamoDB:ConditionalCheckFailedException';
const TRANSACTION_CANCELLED = 'DynamoDB:TransactionCanceledException';
const TRANSACTION_CONFLICT = 'DynamoDB:TransactionConflictException';

/** Refuse the request before anything is written. The message says what is wrong and what is right. */
export function invalid(message) {
  util.error(message, 'Invalid');
}

export function notFound(what) {
  util.error(`${what} not found`, 'NotFound');
}

/**
 * Nothing was done, and the very same request may be made again: `errorInfo.again` says so to a client that keeps what
 * it could not get done.
 */
export function again(message, errorType) {
  util.error(message, errorType, null, { again: true });
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
  if (conditionFailed(ctx)) {
    const item = refusedItem(ctx);
    if (!item || !visible(item)) {
      notFound(what);
    }
    util.error(conflict(item), 'Conflict');
  }
  if (metAnother(ctx)) {
    again(`${what}: somebody else is changing the same thing at this moment; try again`, 'Conflict');
  }
  again('The request could not be carried out; try again', 'Internal');
}

/** The item as it stands whose condition failed: in a transaction the first of them. Null if none failed. */
export function refusedItem(ctx) {
  if (!ctx.error) {
    return null;
  }
  if (ctx.error.type === CONDITION_FAILED) {
    return ctx.result;
  }
  const failed = reasons(ctx).find((reason) => reason.type === 'ConditionalCheckFailed');
  return failed ? failed.item : null;
}

/** Which write of a transaction is the first whose condition failed: its place, or -1. */
export function refusedAt(ctx) {
  return ctx.error ? reasons(ctx).findIndex((reason) => reason.type === 'ConditionalCheckFailed') : -1;
}

function conditionFailed(ctx) {
  return ctx.error.type === CONDITION_FAILED || reasons(ctx).some((reason) => reason.type === 'ConditionalCheckFailed');
}

/** Whether the write met a transaction that was busy with the same item. */
function metAnother(ctx) {
  return ctx.error.type === TRANSACTION_CONFLICT || reasons(ctx).some((reason) => reason.type === 'TransactionConflict');
}

/** Why each write of a cancelled transaction did not happen. */
function reasons(ctx) {
  return ctx.error.type === TRANSACTION_CANCELLED ? (ctx.result?.cancellationReasons ?? []) : [];
}
