import { util } from '@aws-appsync/utils';
import { invalid, rethrow } from '../../../infra/resolvers/errors.js';
import { changeContact, toContact } from './_contact.js';

export function request(ctx) {
  const { phone, locale } = ctx.args;
  if (!util.matches('^\\+[1-9][0-9]{6,14}$', phone)) {
    invalid('phone is not in the E.164 format: +, country code and number, such as +12025550100');
  }
  if (!util.matches('^[a-z]{2,3}(-[A-Z]{2})?$', locale)) {
    invalid('locale is not a language, or a language and a region, such as en or es-MX');
  }
  return changeContact(ctx, {
    set: ['phone = :phone', 'locale = :locale'],
    values: util.dynamodb.toMapValues({ ':phone': phone, ':locale': locale }),
  });
}

export function response(ctx) {
  rethrow(ctx, { what: 'Contact' });
  return toContact(ctx.result);
}
