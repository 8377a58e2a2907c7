import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { checkText } from '../../../infra/resolvers/checks.js';
import { invalid } from '../../../infra/resolvers/errors.js';
import { wrongState } from './_carried.js';
import { ENDED, letGo } from './_let_go.js';
import { settled } from './_settled.js';

const STATES = ['PICKED_UP', 'ARRIVED_AT_DROPOFF'];

export function request(ctx) {
  const { proof } = ctx.args;
  return letGo(ctx, {
    trigger: 'deliver',
    driverId: callerId(ctx),
    states: STATES,
    must: proof.kind === 'PIN' ? 'pin = :pin' : '',
    mustValues: proof.kind === 'PIN' ? { ':pin': proof.pin } : {},
    set: '#state = :target, delivered_at = :now, proof = :proof',
    more: ENDED,
    values: { ':target': 'DELIVERED', ':proof': checked(proof) },
  });
}

export function response(ctx) {
  const mine = (row) => row.driver_id === callerId(ctx);
  return settled(ctx, {
    done: (row) => mine(row) && row.state === 'DELIVERED',
    visible: mine,
    conflict: (row) => {
      if (STATES.includes(row.state)) {
        invalid("proof.pin is not the order's handoverPin: ask the customer for it");
      }
      return wrongState(row, STATES);
    },
  });
}

/** What is kept of a proof: a PIN has done its work once it was compared. */
function checked(proof) {
  if (proof.kind === 'PIN' && !(proof.pin && util.matches('^[0-9]{4}$', proof.pin))) {
    invalid('proof.pin must be four digits; the kind PIN needs it');
  }
  if (proof.kind === 'PHOTO' && !proof.photoKey) {
    invalid('proof.photoKey is missing; the kind PHOTO needs it');
  }
  if (!proof.photoKey) {
    return { kind: proof.kind };
  }
  checkText('proof.photoKey', proof.photoKey, 1024);
  return { kind: proof.kind, photo_key: proof.photoKey };
}
