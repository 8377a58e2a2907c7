import { callerId } from '../../../infra/resolvers/caller.js';
import { answerOffer, answered } from './_offered.js';
import { stepOf } from './_write.js';

export function request(ctx) {
  const { offerId, deliveryIds } = ctx.args;
  const step = stepOf(ctx, 'acceptOffer');
  return answerOffer(ctx, step, {
    delivery: (id) => ({
      set: '#state = :assigned, driver_id = :driver, assigned_at = :now, holder_key = :holder_key',
      more: 'REMOVE offer',
      values: {
        ':assigned': 'ASSIGNED',
        ':driver': callerId(ctx),
        ':holder_key': `DELIVERY#${step[':now']}#${id}`,
      },
      // What an operator decided since it was offered counts.
      condition:
        ' AND offer.expires_at > :moment AND NOT contains(barred, :me)' +
        ' AND (attribute_not_exists(pinned_to) OR pinned_to = :me)',
      conditionValues: { ':moment': step[':now'] },
    }),
    driver: {
      // When and where the trip will have ended, as the round that offered it wrote: this driver is planned with then.
      set: 'trip_id = :trip, trip_deliveries = offered, ends_at = offer_ends_at, ends_in = offer_ends_in',
      values: { ':trip': offerId, ':count': deliveryIds.length },
      more: 'REMOVE offer_id, offered, offer_ends_at, offer_ends_in ADD deliveries :carried, carried :count',
      sets: { ':carried': deliveryIds },
    },
  });
}

export function response(ctx) {
  // A driver who asks again may be at the merchant by now: carrying the trip is what says that the offer was accepted.
  return answered(ctx, (row) => row.driver_id === callerId(ctx) && !!row.trip && row.trip.trip_id === ctx.args.offerId);
}
