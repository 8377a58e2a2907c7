import { edgesOf, readRows } from '../../../infra/resolvers/page.js';
import { toDelivery } from './_delivery.js';
import { TABLE } from './_write.js';

export function request(ctx) {
  return readRows(ctx, TABLE);
}

/** Of `deliveries`, operators' list of those that have not ended. */
export function response(ctx) {
  return edgesOf(ctx, {
    table: TABLE,
    what: 'Deliveries',
    belongs: (row) => !!row.roster,
    node: (row) => toDelivery(row, { operator: true }),
  });
}
