import { checkFunction } from "./options.ts";
import type { Reader } from "./provider.ts";

/**
 * A function over other values, called at each read. It is no actor, and tells nobody when it changes: where that is needed,
 * a `computed` is.
 *
 * @throws {TypeError} when `read` is no function
 *
 * @example
 * ```ts
 * const fahrenheit = view(() => clean.read() * 9 / 5 + 32);
 * ```
 */
export function view<V>(read: () => V): View<V> {
  return new View(read);
}

/** A function over other values; see `view`. */
export class View<V> implements Reader<V> {
  /** Calls the function. May be passed on without the object. */
  readonly read: () => V;

  /** @throws {TypeError} when `read` is no function */
  constructor(read: () => V) {
    checkFunction("Cannot create view", "read", read);
    this.read = () => read();
  }
}
