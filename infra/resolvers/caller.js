import { util } from '@aws-appsync/utils';
import { isUuid } from './checks.js';

/** The caller's id: the `sub` of the account, never an argument. */
export function callerId(ctx) {
  return ctx.identity.sub;
}

/** The merchant whose staff the caller is; a claim that only an administrator can set. */
export function merchantId(ctx) {
  const id = ctx.identity.claims['custom:merchant_id'];
  if (!id) {
    util.error('This account belongs to no merchant: its claim custom:merchant_id is missing', 'Unauthorized');
  }
  return id;
}

/** The partner that the caller speaks for; a claim that only an administrator can set. */
export function partnerId(ctx) {
  const id = ctx.identity.claims['custom:partner_id'];
  if (!id) {
    util.error('This account belongs to no partner: its claim custom:partner_id is missing', 'Unauthorized');
  }
  return id;
}

export function isOperator(ctx) {
  return (ctx.identity.groups ?? []).includes('operator');
}

/**
 * Who caused a change, for the event's `causation_id`: AppSync's id of the request. That stands among the client's
 * headers, and no documentation says that a client cannot set it, so what does not look like one is not believed.
 */
export function causedBy(ctx) {
  const id = `${ctx.request.headers['x-amzn-requestid']}`;
  return `request:${isUuid(id) ? id : util.autoId()}`;
}
