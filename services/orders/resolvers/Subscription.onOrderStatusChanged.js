import { util } from '@aws-appsync/utils';
import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';
import { invalid, notFound, rethrow } from '../../../infra/resolvers/errors.js';
import { endWhere, sendWhere } from '../../../infra/resolvers/subscription.js';
import { orderKey, roleOf } from './_order.js';

const ARGUMENTS = ['orderId', 'driverId', 'customerId', 'merchantId'];
const OWNERS = { driverId: 'Driver', customerId: 'Customer', merchantId: 'Merchant' };

/** Filters can be set after a read only. Whose orders somebody may watch is told by the token: there is no row to read. */
export function request(ctx) {
  const name = onlyArgument(ctx.args);
  if (name === 'orderId') {
    return { operation: 'GetItem', key: orderKey(ctx.args.orderId), consistentRead: true };
  }
  checkId(OWNERS[name], ctx.args[name]);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ pk: `WATCHED#${ctx.args[name]}`, sk: 'WATCHED' }) };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const name = onlyArgument(ctx.args);
  const id = ctx.args[name];
  if (name === 'orderId') {
    watchOrder(ctx, id);
  } else if (isOperator(ctx) || id === ownId(ctx, name)) {
    sendWhere(name === 'driverId' ? [{ driverId: id }, { formerDriverId: id }] : [{ [name]: id }]);
  } else {
    notFound(OWNERS[name]);
  }
  return null;
}

/** A driver's right ends when somebody else gets the order. */
function watchOrder(ctx, orderId) {
  const role = roleOf(ctx, ctx.result);
  if (!role) {
    notFound('Order');
  }
  if (role === 'driver') {
    const lost = { orderId, formerDriverId: callerId(ctx) };
    sendWhere([{ orderId, driverId: callerId(ctx) }, lost]);
    endWhere([lost]);
  } else {
    sendWhere([{ orderId }]);
  }
}

function onlyArgument(args) {
  const given = ARGUMENTS.filter((name) => args[name] !== null && args[name] !== undefined);
  if (given.length !== 1) {
    invalid(`${given.length} arguments are given; exactly one of ${ARGUMENTS.join(', ')} is needed`);
  }
  return given[0];
}

function ownId(ctx, name) {
  return name === 'merchantId' ? ctx.identity.claims['custom:merchant_id'] : callerId(ctx);
}
