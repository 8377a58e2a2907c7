import { invalid, notFound } from './errors.js';

const LONGEST_ID = 64;

/** Answer NotFound to an id that is longer than any: it names nothing, and DynamoDB refuses a key that is too long. */
export function checkId(what, id) {
  if (id.length > LONGEST_ID) {
    notFound(what);
  }
}

/** Refuse text that is empty or longer than `most` characters. `field` is the argument's path. */
export function checkText(field, text, most) {
  if (text.trim().length < 1 || text.length > most) {
    invalid(`${field} has ${text.length} characters; allowed are 1 to ${most}`);
  }
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
