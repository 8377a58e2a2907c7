import { edgesOf, readRows } from '../../../infra/resolvers/page.js';
import { toDriver } from './_driver.js';
import { TABLE } from './_write.js';

export function request(ctx) {
  return readRows(ctx, TABLE);
}

export function response(ctx) {
  return edgesOf(ctx, { table: TABLE, what: 'Drivers', belongs: (row) => !!row.roster, node: toDriver });
}
