import { callerId } from '../../../infra/resolvers/caller.js';
import { wrongState } from './_carried.js';
import { BEFORE_PICKUP, lostIt, searchAgain } from './_search_again.js';
import { settled } from './_settled.js';

export function request(ctx) {
  return searchAgain(ctx, { trigger: 'dropOut', driverId: callerId(ctx) });
}

export function response(ctx) {
  return settled(ctx, {
    done: (row) => lostIt(row, 'dropOut', callerId(ctx)),
    visible: (row) => row.driver_id === callerId(ctx),
    conflict: (row) => wrongState(row, BEFORE_PICKUP),
  });
}
