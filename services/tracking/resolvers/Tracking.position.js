import { positionOf, toPosition } from './_position.js';

export function request(ctx) {
  return positionOf(ctx.source.driverId, ctx.source.carried);
}

export function response(ctx) {
  return toPosition(ctx, ctx.source.alone);
}
