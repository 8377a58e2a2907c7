// util.dynamodb: JSON values to DynamoDB's typed values. Source: AWS AppSync Developer Guide, "DynamoDB helpers in
// util.dynamodb". Lists become L, never sets; numbers stay numbers inside N, as the guide shows them.
import { NotProvided, provided } from './provided.mjs';

function typed(value, path) {
  if (value === null) return { NULL: null };
  if (Array.isArray(value)) return { L: value.map((item, index) => typed(item, `${path}[${index}]`)) };
  switch (typeof value) {
    case 'string': return { S: value };
    case 'boolean': return { BOOL: value };
    case 'number': return { N: finite(value, path) };
    case 'object': return { M: typedValues(value, path) };
    // AWS does not say what becomes of it, so nothing may depend on it.
    default: throw new NotProvided(`a DynamoDB type for ${path}, which is ${typeof value}`);
  }
}

function typedValues(map, path) {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, typed(value, `${path}.${name}`)]));
}

function finite(number, path) {
  if (!Number.isFinite(number)) throw new TypeError(`${path} is not a finite number`);
  return number;
}

// The single-type helpers answer null for null, and refuse a value of another type instead of converting it.
const only = (tag, type, convert = (value) => value) => (value) => {
  if (value === null || value === undefined) return null;
  const fits = type === 'array' ? Array.isArray(value) : typeof value === type;
  if (!fits) throw new TypeError(`util.dynamodb: ${tag} takes ${type}, not ${typeof value}`);
  return { [tag]: convert(value) };
};

export const dynamodb = provided('util.dynamodb', {
  toDynamoDB: (value) => typed(value, 'value'),
  toMapValues: (map) => (map === null ? null : typedValues(map, 'map')),
  toMap: only('M', 'object', (map) => typedValues(map, 'map')),
  toList: only('L', 'array', (list) => typed(list, 'list').L),
  toString: only('S', 'string'),
  toNumber: only('N', 'number'),
  toBoolean: only('BOOL', 'boolean'),
  toBinary: only('B', 'string'),
  toStringSet: only('SS', 'array'),
  toNumberSet: only('NS', 'array'),
  toBinarySet: only('BS', 'array'),
  toNull: () => ({ NULL: null }),
});
