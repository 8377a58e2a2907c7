import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { toDelivery } from './_delivery.js';
import { deliveryKey } from './_rows.js';
import { inStates, noted } from './_write.js';

const BEFORE_PICKUP = ['SEARCHING', 'OFFERED', 'ASSIGNED', 'ARRIVED_AT_PICKUP'];

/**
 * What an operator decides about who may carry the delivery, noted on its row with the operator's id. It is no
 * transition: rounds heed it while a driver is looked for, now or again.
 */
export function decide(ctx, { set = '', more = '', values = {}, sets = {}, condition = '', conditionValues = {} }) {
  const allowed = inStates(BEFORE_PICKUP);
  return {
    operation: 'UpdateItem',
    ...noted({
      key: deliveryKey(ctx.args.deliveryId),
      expression: `SET decided_by = :me${set} ${more}`,
      values: { ':me': callerId(ctx), ...values },
      sets,
      condition: `${allowed.expression}${condition}`,
      conditionValues: { ...allowed.values, ...conditionValues },
    }),
  };
}

export function decided(ctx) {
  rethrow(ctx, {
    what: 'Delivery',
    visible: (row) => !!row.state,
    conflict: (row) =>
      BEFORE_PICKUP.includes(row.state)
        ? 'The delivery is pinned to this driver; unpin it first'
        : `The delivery is ${row.state}; this needs it to be ${BEFORE_PICKUP.join(' or ')}`,
  });
  return toDelivery(ctx.result, { operator: true });
}
