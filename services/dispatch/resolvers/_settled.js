import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';

/**
 * The answer to a transaction over a delivery and its driver, whose first write is on the delivery. `done(row)` says
 * whether the delivery shows that the same was done before: asking again then changes nothing and is no error.
 */
export function settled(ctx, { done, visible, conflict }) {
  const refused = refusedItem(ctx);
  const repeated = refused && !isDriver(refused) && done(refused);
  if (!repeated) {
    rethrow(ctx, {
      what: 'Delivery',
      visible: (row) => isDriver(row) || visible(row),
      conflict: (row) => (isDriver(row) ? 'The driver has been let go meanwhile' : conflict(row)),
    });
  }
  return { deliveryId: ctx.args.deliveryId };
}

/** By its key: what is noted of a delivery before it is opened has no more than that in common with one. */
export function isDriver(row) {
  return row.pk.startsWith('DRIVER#');
}
