import { callerId } from '../../../infra/resolvers/caller.js';
import { driverKey } from './_rows.js';
import { write } from './_write.js';

const STANDS = '#state = :offered AND offer.offer_id = :offer AND offer.driver_id = :me';

/** The condition on a delivery that this very offer of it to the caller still stands. */
export function offerStands(ctx) {
  return {
    condition: STANDS,
    conditionValues: { ':offered': 'OFFERED', ':offer': ctx.args.offerId, ':me': callerId(ctx) },
  };
}

/** The caller's row without the offer. `more` and `sets` say what else changes with it. */
export function withoutOffer(ctx, step, { more = '', sets } = {}) {
  return write({
    key: driverKey(callerId(ctx)),
    step,
    more: `REMOVE offer_id, offered_delivery_id ${more}`,
    sets,
    condition: 'offer_id = :offer',
    conditionValues: { ':offer': ctx.args.offerId },
  });
}

export function offerIsOver(row) {
  return row.state === 'OFFERED'
    ? 'This offer is over: it lapsed, or the delivery was offered again'
    : `This offer is over: the delivery is ${row.state}`;
}
