import { deliveryAfter, deliveryOf } from './_payload.js';

export function request(ctx) {
  return deliveryOf(ctx);
}

export function response(ctx) {
  return deliveryAfter(ctx);
}
