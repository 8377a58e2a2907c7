import { util } from '@aws-appsync/utils';
import { callerId, causedBy } from '../../../infra/resolvers/caller.js';

/** The key of the caller's own contact: there is no way to name another's. */
export function contactKey(ctx) {
  return util.dynamodb.toMapValues({ pk: `CONTACT#${callerId(ctx)}`, sk: 'CONTACT' });
}

/**
 * One write on the caller's contact, which need not exist yet. `set` and `more` are what to set and further clauses of
 * the update expression; `values` are their values, typed already.
 */
export function changeContact(ctx, { set = [], more = '', values }) {
  const sets = [
    ...set,
    'recipient_id = :me',
    '#sequence = if_not_exists(#sequence, :zero) + :one',
    'occurred_at = :now',
    'caused_by = :caused_by',
  ];
  const always = util.dynamodb.toMapValues({
    ':me': callerId(ctx),
    ':zero': 0,
    ':one': 1,
    ':now': util.time.nowISO8601(),
    ':caused_by': causedBy(ctx),
  });
  return {
    operation: 'UpdateItem',
    key: contactKey(ctx),
    update: {
      expression: `SET ${sets.join(', ')} ${more}`,
      expressionNames: { '#sequence': 'sequence' },
      expressionValues: { ...always, ...values },
    },
  };
}

/** A contact's row as the API's `Contact`, whose devices have a resolver of their own. */
export function toContact(row) {
  return {
    id: row.recipient_id,
    phone: row.phone,
    locale: row.locale ?? 'en',
    sms: row.sms_on ?? true,
    push: row.push_on ?? true,
    optedOut: row.opted_out ?? [],
  };
}
