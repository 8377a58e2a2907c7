import { moveOn, movedOn } from './_carried.js';

const STOPS = {
  PICKUP: { trigger: 'arrive at pickup', states: ['ASSIGNED'], target: 'ARRIVED_AT_PICKUP' },
  DROPOFF: { trigger: 'arrive at dropoff', states: ['PICKED_UP'], target: 'ARRIVED_AT_DROPOFF' },
};

export function request(ctx) {
  const { trigger, states, target } = STOPS[ctx.args.stop];
  return moveOn(ctx, { trigger, states, set: '#state = :target', values: { ':target': target } });
}

export function response(ctx) {
  return movedOn(ctx, STOPS[ctx.args.stop]);
}
