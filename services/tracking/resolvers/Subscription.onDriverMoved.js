import { util } from '@aws-appsync/utils';
import { callerId, isOperator } from '../../../infra/resolvers/caller.js';
import { checkId } from '../../../infra/resolvers/checks.js';
import { notFound, refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { endWhere, sendWhere } from '../../../infra/resolvers/subscription.js';
import { hasEnded, isBeforePickup, roleOf } from './_order.js';
import { watch } from './_watch.js';

export function request(ctx) {
  const { orderId } = ctx.args;
  checkId('Order', orderId);
  return watch(orderId, isOperator(ctx) ? undefined : isConcerned(ctx));
}

/** The order is the caller's, as customer, driver or merchant. */
function isConcerned(ctx) {
  const merchant = ctx.identity.claims['custom:merchant_id'];
  return {
    condition: `(customer_id = :me OR driver_id = :me${merchant ? ' OR merchant_id = :merchant' : ''})`,
    values: { ':me': callerId(ctx), ...(merchant ? { ':merchant': merchant } : {}) },
  };
}

export function response(ctx) {
  if (refusedItem(ctx)) {
    notFound('Order');
  }
  rethrow(ctx, { what: 'Order', visible: () => false });
  const row = ctx.result;
  const role = roleOf(ctx, row);
  if (hasEnded(row) || (role === 'merchant' && !isBeforePickup(row))) {
    util.error(`The order is ${row.status}; where its driver is can be watched no more`, 'Conflict');
  }
  const { orderId } = ctx.args;
  const ended = { orderId, ended: true };
  if (role === 'customer') {
    sendWhere([{ orderId, pickedUp: true }]);
    endWhere([ended]);
  } else if (role === 'merchant') {
    sendWhere([{ orderId, pickedUp: false, otherOnBoard: false }]);
    endWhere([ended, { orderId, pickedUp: true }]);
  } else if (role === 'driver') {
    sendWhere([{ orderId, driverId: callerId(ctx) }]);
    endWhere([ended, { orderId, formerDriverId: callerId(ctx) }]);
  } else {
    sendWhere([{ orderId }]);
    endWhere([ended]);
  }
  return null;
}
