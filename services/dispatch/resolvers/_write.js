import { util } from '@aws-appsync/utils';
import { causedBy } from '../../../infra/resolvers/caller.js';

const TABLE = 'delivery-dispatch';
// Attributes whose names DynamoDB has for itself; `#name` stands for them.
const RESERVED = ['state', 'sequence', 'position', 'zone'];
const ALWAYS =
  '#sequence = #sequence + :one, occurred_at = :now, caused_by = :caused_by, transition = :transition';

/** What a transition of domain.py leaves on every row that it concerns. `trigger` is its name there. */
export function stepOf(ctx, trigger) {
  return { ':transition': trigger, ':now': util.time.nowISO8601(), ':caused_by': causedBy(ctx), ':one': 1 };
}

/**
 * One conditional update, whose `set` and further clauses (`more`) may use the values of `step`. `sets` are string
 * sets, `values` and `conditionValues` anything else.
 */
export function write({ key, step, set, more = '', values = {}, sets = {}, condition, conditionValues = {} }) {
  const expression = `SET ${set ? `${set}, ` : ''}${ALWAYS} ${more}`;
  const stringSets = {};
  for (const name of Object.keys(sets)) {
    stringSets[name] = util.dynamodb.toStringSet(sets[name]);
  }
  return {
    key,
    update: {
      expression,
      expressionNames: namesIn(expression),
      expressionValues: { ...util.dynamodb.toMapValues({ ...step, ...values }), ...stringSets },
    },
    condition: {
      expression: condition,
      expressionNames: namesIn(condition),
      expressionValues: util.dynamodb.toMapValues(conditionValues),
    },
  };
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
