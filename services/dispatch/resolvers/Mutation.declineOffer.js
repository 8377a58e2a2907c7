import { callerId } from '../../../infra/resolvers/caller.js';
import { concerns } from './_delivery.js';
import { offerIsOver, offerStands, withoutOffer } from './_offered.js';
import { deliveryKey } from './_rows.js';
import { lostIt } from './_search_again.js';
import { settled } from './_settled.js';
import { stepOf, together, write } from './_write.js';

export function request(ctx) {
  const step = stepOf(ctx, 'declineOffer');
  return together([
    write({
      key: deliveryKey(ctx.args.deliveryId),
      step,
      set: '#state = :searching, zone_key = #zone',
      more: 'REMOVE offer, holder_id, holder_key, expected_pickup_at, expected_dropoff_at ADD refused_by :refused',
      values: { ':searching': 'SEARCHING' },
      sets: { ':refused': [callerId(ctx)] },
      ...offerStands(ctx),
    }),
    withoutOffer(ctx, step),
  ]);
}

export function response(ctx) {
  return settled(ctx, {
    done: (row) => lostIt(row, 'declineOffer', callerId(ctx)),
    visible: (row) => concerns(row, callerId(ctx)),
    conflict: offerIsOver,
  });
}
