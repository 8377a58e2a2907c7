import { positionOf, toPosition } from './_position.js';

export function request(ctx) {
  return positionOf(ctx.source.driverId, ctx.source.driverId);
}

export function response(ctx) {
  return toPosition(ctx);
}
