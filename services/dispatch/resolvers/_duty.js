import { callerId } from '../../../infra/resolvers/caller.js';
import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { toDriver } from './_driver.js';
import { driverKey } from './_rows.js';
import { stepOf, write } from './_write.js';

/** Put the caller on duty (`to` is true) or off it. */
export function changeDuty(ctx, { trigger, to, set = '', more, values = {} }) {
  return {
    operation: 'UpdateItem',
    ...write({
      key: driverKey(callerId(ctx)),
      step: stepOf(ctx, trigger),
      set: `on_duty = :to${set}`,
      more,
      values: { ':to': to, ...values },
      condition: 'on_duty = :from',
      conditionValues: { ':from': !to },
    }),
  };
}

/** The driver, also when there was nothing to change. */
export function changedDuty(ctx) {
  const refused = refusedItem(ctx);
  if (refused) {
    return toDriver(refused);
  }
  rethrow(ctx, { what: 'Driver' });
  return toDriver(ctx.result);
}
