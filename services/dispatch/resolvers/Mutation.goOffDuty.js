import { changeDuty, changedDuty } from './_duty.js';

export function request(ctx) {
  return changeDuty(ctx, { trigger: 'goOffDuty', to: false, more: 'REMOVE zone_key, carried' });
}

export function response(ctx) {
  return changedDuty(ctx);
}
