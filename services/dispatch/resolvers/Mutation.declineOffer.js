import { callerId } from '../../../infra/resolvers/caller.js';
import { answerOffer, answered } from './_offered.js';
import { lostIt } from './_search_again.js';
import { stepOf } from './_write.js';

export function request(ctx) {
  return answerOffer(ctx, stepOf(ctx, 'declineOffer'), {
    delivery: () => ({
      set: '#state = :searching, zone_key = #zone',
      more:
        'REMOVE offer, trip, pay, holder_id, holder_key, expected_pickup_at, expected_dropoff_at ' +
        'ADD refused_by :refused',
      values: { ':searching': 'SEARCHING' },
      sets: { ':refused': [callerId(ctx)] },
    }),
    driver: { more: 'REMOVE offer_id, offered, offer_ends_at, offer_ends_in' },
  });
}

export function response(ctx) {
  return answered(ctx, (row) => lostIt(row, 'declineOffer', callerId(ctx)));
}
