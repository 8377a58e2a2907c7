import { util } from '@aws-appsync/utils';
import { causedBy } from '../../../infra/resolvers/caller.js';

export const TABLE = 'delivery-dispatch';
// Attributes whose names DynamoDB has for itself; `#name` stands for them.
const RESERVED = ['state', 'sequence', 'position', 'zone'];
const ALWAYS =
  '#sequence = #sequence + :one, occurred_at = :now, caused_by = :caused_by, transition = :transition';

/** What a transition of domain.py leaves on every row that it concerns. `trigger` is its name there. */
export function stepOf(ctx, trigger) {
  return { ':transition': trigger, ':now': util.time.nowISO8601(), ':caused_by': causedBy(ctx), ':one': 1 };
}

/**
 * One conditional update, whose `set` and further clauses (`more`) may use the values of `step`. `sets` and
 * `conditionSets` are string sets, `values` and `conditionValues` anything else.
 */
export function write({ step, set, more = '', values = {}, ...rest }) {
  return noted({
    expression: `SET ${set ? `${set}, ` : ''}${ALWAYS} ${more}`,
    values: { ...step, ...values },
    ...rest,
  });
}

/** One conditional update that is no transition: `sequence` stays, and it makes no event. */
export function noted({ key, expression, values, sets = {}, condition, conditionValues = {}, conditionSets = {} }) {
  return {
    key,
    update: {
      expression,
      expressionNames: namesIn(expression),
      expressionValues: { ...util.dynamodb.toMapValues(values), ...stringSets(sets) },
    },
    condition: {
      expression: condition,
      expressionNames: namesIn(condition),
      expressionValues: { ...util.dynamodb.toMapValues(conditionValues), ...stringSets(conditionSets) },
    },
  };
}

function stringSets(sets) {
  const found = {};
  for (const name of Object.keys(sets)) {
    found[name] = util.dynamodb.toStringSet(sets[name]);
  }
  return found;
}

function namesIn(expression) {
  const used = {};
  for (const name of RESERVED.filter((each) => expression.includes(`#${each}`))) {
    used[`#${name}`] = name;
  }
  return used;
}

/** `#state IN (…)` with its values. */
export function inStates(states) {
  const values = {};
  for (const state of states) {
    values[`:${state}`] = state;
  }
  return { expression: `#state IN (${Object.keys(values).join(', ')})`, values };
}

/** All of these writes or none, in one request. */
export function together(writes) {
  return {
    operation: 'TransactWriteItems',
    transactItems: writes.map((each) => ({ table: TABLE, operation: 'UpdateItem', ...each })),
  };
}
