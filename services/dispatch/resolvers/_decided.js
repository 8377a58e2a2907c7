import { callerId } from '../../../infra/resolvers/caller.js';
import { notFound, refusedAt, rethrow } from '../../../infra/resolvers/errors.js';
import { toDelivery } from './_delivery.js';
import { deliveryKey, driverKey } from './_rows.js';
import { inStates, noted, together } from './_write.js';

const BEFORE_PICKUP = ['SEARCHING', 'OFFERED', 'ASSIGNED', 'ARRIVED_AT_PICKUP'];

/**
 * What an operator decides about who may carry the delivery, noted on its row with the operator's id. It is no
 * transition: rounds heed it while a driver is looked for, now or again.
 */
export function decide(ctx, changes) {
  return { operation: 'UpdateItem', ...decision(ctx, changes) };
}

export function decided(ctx) {
  check(ctx);
  return toDelivery(ctx.result, { operator: true });
}

/** That the driver `driverId` alone may carry it: if there is such a driver, as nobody else is looked for then. */
export function decideFor(ctx, changes) {
  const key = driverKey(ctx.args.driverId);
  const isThere = { operation: 'ConditionCheck', key, condition: { expression: 'attribute_exists(pk)' } };
  return together([decision(ctx, changes), isThere]);
}

export function decidedFor(ctx) {
  if (refusedAt(ctx) === 1) {
    notFound('Driver');
  }
  check(ctx);
  return { deliveryId: ctx.args.deliveryId };
}

function decision(ctx, { set = '', more = '', values = {}, sets = {}, condition = '', conditionValues = {} }) {
  const allowed = inStates(BEFORE_PICKUP);
  return noted({
    key: deliveryKey(ctx.args.deliveryId),
    expression: `SET decided_by = :me${set} ${more}`,
    values: { ':me': callerId(ctx), ...values },
    sets,
    condition: `${allowed.expression}${condition}`,
    conditionValues: { ...allowed.values, ...conditionValues },
  });
}

function check(ctx) {
  rethrow(ctx, {
    what: 'Delivery',
    visible: (row) => !!row.state,
    conflict: (row) =>
      BEFORE_PICKUP.includes(row.state)
        ? 'The delivery is pinned to this driver; unpin it first'
        : `The delivery is ${row.state}; this needs it to be ${BEFORE_PICKUP.join(' or ')}`,
  });
}
