import { runtime, util } from '@aws-appsync/utils';
import { again, invalid, rethrow } from './errors.js';

const MOST = 100;
// What the sort keys of all lists are made of; DynamoDB refuses one that is much longer.
const CURSOR = '^[A-Za-z0-9#:._-]{1,200}$';

/**
 * One page of an index, newest first. `partition` and `sort` are the index's key attributes; the cursor is the sort key,
 * so that a page starts right after its predecessor whatever was written in between. `prefix` narrows the sort key.
 */
export function pageRequest({ index, partition, value, sort, prefix = '', first = 20, after }) {
  if (first < 1 || first > MOST) {
    invalid(`first is ${first}; allowed is 1 to ${MOST}`);
  }
  if (after && !(util.matches(CURSOR, after) && after.startsWith(prefix))) {
    invalid('after is not a cursor of this list');
  }
  // The highest character ends the range of a prefix; a cursor ends it just before itself.
  const range = after ? `#sort BETWEEN :low AND :high` : prefix ? 'begins_with(#sort, :low)' : null;
  const names = range ? { '#partition': partition, '#sort': sort } : { '#partition': partition };
  const values = { ':partition': value };
  if (range) {
    values[':low'] = after ? prefix || ' ' : prefix;
  }
  if (after) {
    values[':high'] = after;
  }
  return {
    operation: 'Query',
    index,
    query: {
      expression: range ? `#partition = :partition AND ${range}` : '#partition = :partition',
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    scanIndexForward: false,
    limit: limit(first, after),
  };
}

/** One more than asked for tells whether there is a next page; the cursor's own item is in the range, too. */
function limit(first, after) {
  return first + (after ? 2 : 1);
}

/** The answer to `pageRequest`: a Relay connection of `node(item)`. */
export function connection(result, { sort, first = 20, after, node }) {
  const rest = result.items.filter((item) => item[sort] !== after);
  // DynamoDB reads at most 1 MB: it can stop before the limit, and then says where.
  const stopped = result.items.length < limit(first, after) && !!result.nextToken;
  const shown = rest.slice(0, first);
  return {
    edges: shown.map((item) => ({ cursor: item[sort], node: node(item) })),
    pageInfo: {
      endCursor: shown.length > 0 ? shown[shown.length - 1][sort] : null,
      hasNextPage: rest.length > first || stopped,
    },
  };
}

/** The answer to `pageRequest` of an index that holds keys alone: the connection's `edges` are for `readRows`. */
export function keysOf(result, { sort, first, after }) {
  return { ...connection(result, { sort, first, after, node: ({ pk, sk }) => ({ pk, sk }) }), areKeys: true };
}

/** The rows of a connection's `edges`, all in one request, as they stand; nothing where the edges are there already. */
export function readRows(ctx, table) {
  const { areKeys, edges } = ctx.source;
  if (!areKeys || edges.length === 0) {
    runtime.earlyReturn(edges);
  }
  const keys = edges.map((edge) => util.dynamodb.toMapValues(edge.node));
  return { operation: 'BatchGetItem', tables: { [table]: { keys, consistentRead: true } } };
}

/** The answer to `readRows`: `node(row)` for each row that still belongs to the list, as `belongs(row)` says. */
export function edgesOf(ctx, { table, what, belongs, node }) {
  rethrow(ctx, { what });
  const { data, unprocessedKeys } = ctx.result;
  if ((unprocessedKeys?.[table] ?? []).length > 0) {
    again('The request could not be carried out; try again', 'Internal');
  }
  const { edges } = ctx.source;
  const found = edges.map((edge, index) => ({ cursor: edge.cursor, row: data[table][index] }));
  return found.filter(({ row }) => row && belongs(row)).map(({ cursor, row }) => ({ cursor, node: node(row) }));
}
