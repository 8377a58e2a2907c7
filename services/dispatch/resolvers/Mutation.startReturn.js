import { moveOn, movedOn } from './_carried.js';

const STATES = ['PICKED_UP', 'ARRIVED_AT_DROPOFF'];
const TARGET = 'RETURNING';

export function request(ctx) {
  return moveOn(ctx, {
    trigger: 'startReturn',
    states: STATES,
    set: '#state = :target, reason = :reason',
    values: { ':target': TARGET, ':reason': ctx.args.reason },
  });
}

export function response(ctx) {
  return movedOn(ctx, { states: STATES, target: TARGET });
}
