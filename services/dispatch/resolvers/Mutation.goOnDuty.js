import { checkPosition } from '../../../infra/resolvers/checks.js';
import { changeDuty, changedDuty } from './_duty.js';

export function request(ctx) {
  const { position } = ctx.args;
  checkPosition('position', position);
  return changeDuty(ctx, {
    trigger: 'goOnDuty',
    to: true,
    set: ', #position = :position',
    // The zone of the last shift is not this one's: the outbox finds it.
    more: 'REMOVE zone_key, #zone',
    values: { ':position': { lat: position.lat, lng: position.lng } },
  });
}

export function response(ctx) {
  return changedDuty(ctx);
}
