import { checkId } from '../../../infra/resolvers/checks.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { connection, pageRequest } from '../../../infra/resolvers/page.js';

export function request(ctx) {
  const { orderId, first, after } = ctx.args;
  checkId('Order', orderId);
  return pageRequest({ index: 'order-index', partition: 'order_id', value: orderId, sort: 'sent_key', first, after });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Alerts' });
  const { first, after } = ctx.args;
  return connection(ctx.result, { sort: 'sent_key', first, after, node: toAlert });
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
