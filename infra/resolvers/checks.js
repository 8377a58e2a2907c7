import { util } from '@aws-appsync/utils';
import { invalid, notFound } from './errors.js';

const LONGEST_ID = 64;
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
// AWSDateTime also lets offsets through that no clock has, such as +05:30:15, of which util.time makes no moment.
const DATE_TIME = '^[0-9-]{10}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9])$';

/** Answer NotFound to an id that is longer than any: it names nothing, and DynamoDB refuses a key that is too long. */
export function checkId(what, id) {
  if (id.length > LONGEST_ID) {
    notFound(what);
  }
}

export function isUuid(text) {
  return util.matches(UUID, text);
}

/** Refuse an id that is no UUID. `field` is the argument's path. */
export function checkUuid(field, id) {
  if (!isUuid(id)) {
    invalid(`${field} is not a UUID in lower case, such as 3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a`);
  }
}

/** Refuse text that is empty or longer than `most` characters. `field` is the argument's path. */
export function checkText(field, text, most) {
  if (text.trim().length < 1 || text.length > most) {
    invalid(`${field} has ${text.length} characters; allowed are 1 to ${most}`);
  }
}

/** An AWSDateTime as epoch milliseconds, or `Invalid`. */
export function momentOf(field, text) {
  if (!util.matches(DATE_TIME, text)) {
    invalid(`${field} is ${text}; allowed is a time such as 2026-01-05T18:30:00Z or 2026-01-05T18:30:00.5+05:30`);
  }
  return util.time.parseISO8601ToEpochMilliSeconds(text);
}

/** Refuse a position that is not on the Earth. */
export function checkPosition(field, position) {
  if (position.lat < -90 || position.lat > 90) {
    invalid(`${field}.lat is ${position.lat}; allowed is -90 to 90 degrees`);
  }
  if (position.lng < -180 || position.lng > 180) {
    invalid(`${field}.lng is ${position.lng}; allowed is -180 to 180 degrees`);
  }
}
