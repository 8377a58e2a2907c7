import { util } from '@aws-appsync/utils';
import { invalid, rethrow } from '../../../infra/resolvers/errors.js';
import { changeContact, toContact } from './_contact.js';

export function request(ctx) {
  // A set in DynamoDB takes no value twice.
  const channels = ['SMS', 'PUSH'].filter((channel) => ctx.args.channels.includes(channel));
  if (channels.length === 0) {
    invalid('channels is empty; give at least one of SMS and PUSH');
  }
  return changeContact(ctx, {
    more: 'ADD opted_out :channels',
    values: { ':channels': util.dynamodb.toStringSet(channels) },
  });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Contact' });
  return toContact(ctx.result);
}
