import { util } from '@aws-appsync/utils';
import { callerId, causedBy } from '../../../infra/resolvers/caller.js';
import { again, invalid } from '../../../infra/resolvers/errors.js';
import { checkPosition, checkText, checkUuid } from '../../../infra/resolvers/checks.js';
import { orderKey, toOrder } from './_order.js';

const MOST_LINES = 50;
const MOST_QUANTITY = 99;
const MOST_AMOUNT = 100000000;

export function request(ctx) {
  const { input } = ctx.args;
  check(input);
  const now = util.time.nowISO8601();
  return {
    operation: 'PutItem',
    key: orderKey(input.id),
    attributeValues: util.dynamodb.toMapValues({
      order_id: input.id,
      customer_id: callerId(ctx),
      merchant_id: input.merchantId,
      status: 'PENDING',
      on_cancel: 'CANCELLED',
      input: JSON.stringify(asked(input)),
      lines: linesOf(input),
      item_count: itemCount(input),
      total: input.total,
      dropoff: input.dropoff,
      address: input.address,
      note: input.note ?? '',
      placed_at: now,
      placed_key: `${now}#${input.id}`,
      sequence: 1,
      occurred_at: now,
      caused_by: causedBy(ctx),
    }),
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}

/** The id is the idempotency key: the same customer asking for the same again gets the order that is there. */
export function response(ctx) {
  if (!ctx.error) {
    return toOrder(ctx.result);
  }
  if (ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    again('The order could not be placed; try again', 'Internal');
  }
  const { result, args } = ctx;
  if (!result || result.customer_id !== callerId(ctx) || result.input !== JSON.stringify(asked(args.input))) {
    util.error('Another order has this id; choose a new UUID', 'Conflict');
  }
  return toOrder(result);
}

/** What was asked for, in one fixed order of fields, so that two requests can be compared. */
function asked(input) {
  return [
    input.merchantId,
    linesOf(input).map((line) => [line.name, line.quantity, line.unit_amount]),
    [input.total.amount, input.total.currency],
    [input.dropoff.lat, input.dropoff.lng],
    input.address,
    input.note ?? '',
  ];
}

function linesOf(input) {
  return input.lines.map((line) => ({ name: line.name, quantity: line.quantity, unit_amount: line.unitAmount }));
}

function itemCount(input) {
  return input.lines.reduce((sum, line) => sum + line.quantity, 0);
}

function check(input) {
  checkUuid('input.id', input.id);
  checkText('input.merchantId', input.merchantId, 64);
  checkText('input.address', input.address, 300);
  checkPosition('input.dropoff', input.dropoff);
  if (input.note && input.note.length > 500) {
    invalid(`input.note has ${input.note.length} characters; at most 500 are allowed`);
  }
  if (input.lines.length < 1 || input.lines.length > MOST_LINES) {
    invalid(`input.lines has ${input.lines.length} entries; allowed are 1 to ${MOST_LINES}`);
  }
  for (const line of input.lines) {
    checkText('input.lines.name', line.name, 100);
    if (line.quantity < 1 || line.quantity > MOST_QUANTITY) {
      invalid(`input.lines.quantity is ${line.quantity}; allowed is 1 to ${MOST_QUANTITY}`);
    }
    if (line.unitAmount < 0 || line.unitAmount > MOST_AMOUNT) {
      invalid(`input.lines.unitAmount is ${line.unitAmount}; allowed is 0 to ${MOST_AMOUNT}`);
    }
  }
  checkTotal(input);
}

function checkTotal(input) {
  if (!util.matches('^[A-Z]{3}$', input.total.currency)) {
    invalid('input.total.currency is not an ISO 4217 code, such as USD');
  }
  const sum = input.lines.reduce((total, line) => total + line.quantity * line.unitAmount, 0);
  if (sum !== input.total.amount) {
    invalid(`input.total.amount is ${input.total.amount}; the lines add up to ${sum}`);
  }
}
