import { callerId } from '../../../infra/resolvers/caller.js';
import { checkText } from '../../../infra/resolvers/checks.js';
import { wrongState } from './_carried.js';
import { ended, letGo } from './_let_go.js';
import { settled } from './_settled.js';

const STATES = ['PICKED_UP', 'ARRIVED_AT_DROPOFF'];

export function request(ctx) {
  const { values, ...done } = ended(ctx, 'DELIVERED', ', delivered_at = :now, proof = :proof');
  return letGo(ctx, {
    trigger: 'deliver',
    driverId: callerId(ctx),
    states: STATES,
    ...done,
    values: { ...values, ':proof': checked(ctx.args.proof) },
  });
}

export function response(ctx) {
  const mine = (row) => row.driver_id === callerId(ctx);
  return settled(ctx, {
    done: (row) => mine(row) && row.state === 'DELIVERED',
    visible: mine,
    conflict: (row) => wrongState(row, STATES),
  });
}

function checked(proof) {
  if (!proof.photoKey) {
    return { kind: proof.kind };
  }
  checkText('proof.photoKey', proof.photoKey, 1024);
  return { kind: proof.kind, photo_key: proof.photoKey };
}
