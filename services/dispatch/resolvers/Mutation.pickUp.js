import { moveOn, movedOn } from './_carried.js';

const STATES = ['ASSIGNED', 'ARRIVED_AT_PICKUP'];
const TARGET = 'PICKED_UP';

export function request(ctx) {
  return moveOn(ctx, {
    trigger: 'pickUp',
    states: STATES,
    set: '#state = :target, picked_up_at = :now',
    values: { ':target': TARGET },
  });
}

export function response(ctx) {
  return movedOn(ctx, { states: STATES, target: TARGET });
}
