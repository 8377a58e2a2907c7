import { util } from '@aws-appsync/utils';
import { merchantId } from '../../../infra/resolvers/caller.js';
import { checkPosition, checkText } from '../../../infra/resolvers/checks.js';
import { invalid, rethrow } from '../../../infra/resolvers/errors.js';
import { DIRECTORY, merchantKey, toMerchant } from './_merchant.js';

const MINUTES_OF_WEEK = 7 * 24 * 60;
const MOST_RADIUS = 100000;
const MOST_HOURS = 50;

export function request(ctx) {
  const { input } = ctx.args;
  check(input);
  const id = merchantId(ctx);
  const profile = {
    merchant_id: id,
    name: input.name,
    place: input.place,
    currency: input.currency,
    delivery_radius_m: input.deliveryRadiusMetres,
    accepting: input.accepting,
    hours: input.hours.map((span) => ({ opens: span.opens, closes: span.closes })),
    updated_at: util.time.nowISO8601(),
  };
  // Only who takes orders is in the directory.
  const listed = input.accepting ? { directory: DIRECTORY, directory_key: id } : {};
  return {
    operation: 'PutItem',
    key: merchantKey(id),
    attributeValues: util.dynamodb.toMapValues({ ...profile, ...listed }),
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Merchant' });
  return toMerchant(ctx.result);
}

function check(input) {
  checkText('input.name', input.name, 100);
  checkPosition('input.place', input.place);
  if (!util.matches('^[A-Z]{3}$', input.currency)) {
    invalid('input.currency is not an ISO 4217 code, such as USD');
  }
  if (input.deliveryRadiusMetres < 1 || input.deliveryRadiusMetres > MOST_RADIUS) {
    invalid(`input.deliveryRadiusMetres is ${input.deliveryRadiusMetres}; allowed is 1 to ${MOST_RADIUS}`);
  }
  if (input.hours.length > MOST_HOURS) {
    invalid(`input.hours has ${input.hours.length} entries; at most ${MOST_HOURS} are allowed`);
  }
  for (const span of input.hours) {
    for (const minute of [span.opens, span.closes]) {
      if (minute < 0 || minute > MINUTES_OF_WEEK) {
        invalid(`input.hours has ${minute}; allowed is 0 to ${MINUTES_OF_WEEK} minutes of the week`);
      }
    }
  }
}
