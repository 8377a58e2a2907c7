import { rethrow } from '../../../infra/resolvers/errors.js';
import { deliveryKey } from './_rows.js';

/** Whoever may see the order may know; the order itself was read before. */
export function request(ctx) {
  return { operation: 'GetItem', key: deliveryKey(ctx.source.id) };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Order' });
  const row = ctx.result;
  return row && row.state === 'SEARCHING' ? row.delayed_at : null;
}
