import { deliveriesAfter, deliveriesOf } from './_payload.js';

export function request(ctx) {
  return deliveriesOf(ctx);
}

export function response(ctx) {
  return deliveriesAfter(ctx);
}
