// Sortable identifiers: ULID (48 bits of milliseconds, 80 random bits, Crockford base 32, 26 characters) and
// KSUID (32 bits of seconds since 2014-05-13T16:53:20Z, 128 random bits, base 62, 27 characters).
import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KSUID_EPOCH_SECONDS = 1_400_000_000;

function encode(number, alphabet, length) {
  const base = BigInt(alphabet.length);
  let text = '';
  for (let rest = number; text.length < length; rest /= base) text = alphabet[Number(rest % base)] + text;
  return text;
}

const random = (bytes) => BigInt(`0x${randomBytes(bytes).toString('hex')}`);

export const ulid = () => encode((BigInt(Date.now()) << 80n) | random(10), CROCKFORD, 26);

export const ksuid = () => {
  const seconds = BigInt(Math.floor(Date.now() / 1000) - KSUID_EPOCH_SECONDS);
  return encode((seconds << 128n) | random(16), BASE62, 27);
};
