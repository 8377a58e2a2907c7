/** A replay's row as the API's `Replay`. */
export function toReplay(row) {
  return { id: row.replay_id, state: row.state, requestedAt: row.requested_at, deliveryCount: row.delivery_count };
}
