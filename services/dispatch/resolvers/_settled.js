import { refusedItem, rethrow } from '../../../infra/resolvers/errors.js';

/**
 * The answer to a transaction over a delivery and its driver, whose first write is on the delivery. `done(row)` says
 * whether the delivery shows that the same was done before: asking again then changes nothing and is no error.
 */
export function settled(ctx, { done, visible, conflict }) {
  const refused = refusedItem(ctx);
  const repeated = refused && refused.delivery_id && done(refused);
  if (!repeated) {
    rethrow(ctx, {
      what: 'Delivery',
      visible: (row) => !row.delivery_id || visible(row),
      conflict: (row) => (row.delivery_id ? conflict(row) : 'The driver has been let go meanwhile'),
    });
  }
  return { deliveryId: ctx.args.deliveryId };
}
