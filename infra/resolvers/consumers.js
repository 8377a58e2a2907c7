/** The names of the functions that tell what they did about an order. */
export function consumers(ctx) {
  return ctx.env.CONSUMERS.split(' ');
}
