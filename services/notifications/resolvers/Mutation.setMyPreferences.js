import { util } from '@aws-appsync/utils';
import { invalid, rethrow } from '../../../infra/resolvers/errors.js';
import { changeContact, toContact } from './_contact.js';

export function request(ctx) {
  const { sms, push } = ctx.args.channels;
  const chosen = [
    { channel: 'SMS', attribute: 'sms_on', on: sms },
    { channel: 'PUSH', attribute: 'push_on', on: push },
  ].filter(({ on }) => on === true || on === false);
  if (chosen.length === 0) {
    invalid('channels has neither sms nor push; give at least one of them');
  }
  const values = {};
  for (const { attribute, on } of chosen) {
    values[`:${attribute}`] = util.dynamodb.toBoolean(on);
  }
  // Turning a channel on is the caller's own word that an earlier opt-out has ended.
  const on = chosen.filter((choice) => choice.on).map(({ channel }) => channel);
  if (on.length > 0) {
    values[':on'] = util.dynamodb.toStringSet(on);
  }
  return changeContact(ctx, {
    set: chosen.map(({ attribute }) => `${attribute} = :${attribute}`),
    more: on.length > 0 ? 'DELETE opted_out :on' : '',
    values,
  });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Contact' });
  return toContact(ctx.result);
}
