import { callerId } from '../../../infra/resolvers/caller.js';
import { wrongState } from './_carried.js';
import { ended, letGo } from './_let_go.js';
import { settled } from './_settled.js';

const STATES = ['RETURNING'];

export function request(ctx) {
  return letGo(ctx, {
    trigger: 'returned',
    driverId: callerId(ctx),
    states: STATES,
    ...ended(ctx, 'RETURNED', ', returned_at = :now'),
  });
}

export function response(ctx) {
  const mine = (row) => row.driver_id === callerId(ctx);
  return settled(ctx, {
    done: (row) => mine(row) && row.state === 'RETURNED',
    visible: mine,
    conflict: (row) => wrongState(row, STATES),
  });
}
