import { callerId } from '../../../infra/resolvers/caller.js';
import { invalid, refusedItem, rethrow } from '../../../infra/resolvers/errors.js';
import { concerns } from './_delivery.js';
import { deliveryKey, driverKey } from './_rows.js';
import { isDriver } from './_settled.js';
import { together, write } from './_write.js';

const MOST = 20;

/**
 * The caller's answer to an offer: one transaction over the rows of all its deliveries, and over the caller's own. It
 * holds only if the caller saw the very trip that is offered. `delivery(id)` and `driver` say what changes on the rows.
 */
export function answerOffer(ctx, step, { delivery, driver }) {
  const { offerId, deliveryIds } = ctx.args;
  const many = deliveryIds.filter((id, at) => deliveryIds.indexOf(id) === at).length;
  if (many < 1 || many > MOST || many < deliveryIds.length) {
    invalid(`deliveryIds has ${deliveryIds.length} entries, ${many} of them different; allowed are 1 to ${MOST}, each once`);
  }
  const writes = deliveryIds.map((id) => {
    const { condition = '', conditionValues = {}, ...changes } = delivery(id);
    return write({
      key: deliveryKey(id),
      step,
      ...changes,
      condition: `#state = :offered AND offer.offer_id = :offer AND offer.driver_id = :me${condition}`,
      conditionValues: { ':offered': 'OFFERED', ':offer': offerId, ':me': callerId(ctx), ...conditionValues },
    });
  });
  writes.push(
    write({
      key: driverKey(callerId(ctx)),
      step,
      ...driver,
      condition: 'offer_id = :offer AND offered = :deliveries',
      conditionValues: { ':offer': offerId },
      conditionSets: { ':deliveries': deliveryIds },
    }),
  );
  return together(writes);
}

/** `done(row)` says whether a delivery shows that the caller gave the same answer before: then it is no error. */
export function answered(ctx, done) {
  const { offerId, deliveryIds } = ctx.args;
  const refused = refusedItem(ctx);
  if (!(refused && !isDriver(refused) && done(refused))) {
    rethrow(ctx, {
      what: 'Delivery',
      visible: (row) => isDriver(row) || concerns(row, callerId(ctx)),
      conflict: (row) => (isDriver(row) ? differs(row, offerId) : isOver(row)),
    });
  }
  return { offerId, deliveryIds };
}

function isOver(row) {
  return row.state === 'OFFERED'
    ? 'This offer is over: it lapsed, the delivery was offered again, or an operator decided otherwise'
    : `This offer is over: the delivery is ${row.state}`;
}

function differs(driver, offerId) {
  return driver.offer_id === offerId
    ? `The offer is of these deliveries, all of them: ${driver.offered.join(', ')}`
    : 'This offer is over: the driver has been let go meanwhile';
}
