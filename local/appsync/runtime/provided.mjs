// What the stand-in does not provide must say so by name: a silent `undefined` would be found in production.

export class NotProvided extends Error {
  constructor(what) {
    super(`the local AppSync does not provide ${what}`);
    this.name = 'NotProvided';
  }
}

// An object on which reading an unknown property throws, naming it with its path (`util.http`).
export function provided(path, members) {
  return new Proxy(Object.freeze(members), {
    get(target, property) {
      if (typeof property === 'symbol' || property === 'toJSON' || Object.hasOwn(target, property)) return target[property];
      throw new NotProvided(`${path}.${property}`);
    },
    set(_target, property) {
      throw new TypeError(`${path}.${String(property)} is read-only`);
    },
  });
}
