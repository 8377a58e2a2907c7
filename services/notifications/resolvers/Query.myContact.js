import { rethrow } from '../../../infra/resolvers/errors.js';
import { contactKey, toContact } from './_contact.js';

export function request(ctx) {
  return { operation: 'GetItem', key: contactKey(ctx), consistentRead: true };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Contact' });
  return ctx.result ? toContact(ctx.result) : null;
}
