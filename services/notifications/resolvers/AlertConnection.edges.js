import { edgesOf, readRows } from '../../../infra/resolvers/page.js';

const TABLE = 'delivery-notifications';

export function request(ctx) {
  return readRows(ctx, TABLE);
}

export function response(ctx) {
  return edgesOf(ctx, { table: TABLE, what: 'Alerts', belongs: () => true, node: toAlert });
}

function toAlert(row) {
  return {
    id: row.alert_id,
    eventId: row.event_id,
    orderId: row.order_id,
    recipientId: row.recipient_id,
    audience: row.audience,
    channel: row.channel,
    template: row.template,
    state: row.state,
    reason: row.reason,
    messageId: row.message_id,
    sentAt: row.sent_at,
  };
}
