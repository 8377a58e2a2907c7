import type { Connection } from '../api/types';
import { ask } from './api';

/** Every node of a list, page by page. Raises Refused. */
export async function all<T>(query: string): Promise<T[]> {
  const nodes: T[] = [];
  let after: string | null = null;
  do {
    const page: Connection<T> = await ask<Connection<T>>(query, after ? { after } : {});
    nodes.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return nodes;
}
