import { callerId } from '../../../infra/resolvers/caller.js';
import { concerns } from './_delivery.js';
import { offerIsOver, offerStands, withoutOffer } from './_offered.js';
import { deliveryKey } from './_rows.js';
import { settled } from './_settled.js';
import { stepOf, together, write } from './_write.js';

export function request(ctx) {
  const { deliveryId } = ctx.args;
  const step = stepOf(ctx, 'acceptOffer');
  const stands = offerStands(ctx);
  return together([
    write({
      key: deliveryKey(deliveryId),
      step,
      set: '#state = :assigned, driver_id = :driver, assigned_at = :now, holder_key = :holder_key',
      more: 'REMOVE offer',
      values: {
        ':assigned': 'ASSIGNED',
        ':driver': callerId(ctx),
        ':holder_key': `DELIVERY#${step[':now']}#${deliveryId}`,
      },
      condition: `${stands.condition} AND offer.expires_at > :moment`,
      conditionValues: { ...stands.conditionValues, ':moment': step[':now'] },
    }),
    withoutOffer(ctx, step, { more: 'ADD deliveries :carried', sets: { ':carried': [deliveryId] } }),
  ]);
}

export function response(ctx) {
  return settled(ctx, {
    done: (row) => row.transition === 'acceptOffer' && row.driver_id === callerId(ctx),
    visible: (row) => concerns(row, callerId(ctx)),
    conflict: offerIsOver,
  });
}
