import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { invalid } from '../../../infra/resolvers/errors.js';
import { wrongState } from './_carried.js';
import { ended, letGo } from './_let_go.js';
import { settled } from './_settled.js';

// An identity of an identity pool: each driver's may put photos into the folder of its name, and nowhere else.
const IDENTITY = '^[A-Za-z0-9_-]{1,30}:[0-9a-f-]{36}$';
const STATES = ['PICKED_UP', 'ARRIVED_AT_DROPOFF'];

export function request(ctx) {
  const { proof } = ctx.args;
  const { values, ...done } = ended(ctx, 'DELIVERED', ', delivered_at = :now, proof = :proof');
  return letGo(ctx, {
    trigger: 'deliver',
    driverId: callerId(ctx),
    states: STATES,
    must: proof.kind === 'PIN' ? 'pin = :pin' : '',
    mustValues: proof.kind === 'PIN' ? { ':pin': proof.pin } : {},
    ...done,
    values: { ...values, ':proof': checked(proof, ctx.args.deliveryId) },
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
function checked(proof, deliveryId) {
  if (proof.kind === 'PIN' && !(proof.pin && util.matches('^[0-9]{4}$', proof.pin))) {
    invalid('proof.pin must be four digits; the kind PIN needs it');
  }
  if (proof.kind === 'PHOTO' && !proof.photoKey) {
    invalid('proof.photoKey is missing; the kind PHOTO needs it');
  }
  if (!proof.photoKey) {
    return { kind: proof.kind };
  }
  if (!isOf(proof.photoKey, deliveryId)) {
    invalid(`proof.photoKey is not one of a photo of this delivery; allowed is proofs/<the driver's identity>/${deliveryId}.jpg`);
  }
  return { kind: proof.kind, photo_key: proof.photoKey };
}

/** Whether it is a key that a driver can have put a photo of the delivery under. */
function isOf(photoKey, deliveryId) {
  const [folder, identity, name, more] = photoKey.split('/');
  return folder === 'proofs' && util.matches(IDENTITY, identity ?? '') && name === `${deliveryId}.jpg` && more === undefined;
}
