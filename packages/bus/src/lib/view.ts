import { Check } from "@sup/core/adapter";
import { isStale } from "./staleness.ts";
import { checkDependencies, nodeOf } from "./foreign.ts";
import { checkFunction } from "./options.ts";
import { toError } from "./outcome.ts";
import type { Dependency, Inspectable, Reader, Status } from "./provider.ts";

/** Options of a view: what dashboards show of it. */
export interface ViewOptions {
  /**
   * For error messages and dashboards.
   * @defaultValue `"view"`
   */
  readonly name?: string | undefined;
  /**
   * What it reads; it is stale when one of those is.
   * @defaultValue none
   */
  readonly dependencies?: readonly Dependency[] | undefined;
}

/**
 * A function over other values, called at each read. It is no actor, and tells nobody when it changes: where that is needed,
 * a `computed` is.
 *
 * @throws {TypeError | RangeError} when `read` is no function, or an option makes no sense
 *
 * @example
 * ```ts
 * const fahrenheit = view(() => clean.read() * 9 / 5 + 32);
 * ```
 */
export function view<V>(read: () => V, options?: ViewOptions): View<V> {
  return new View(read, options);
}

/** A function over other values; see `view`. */
export class View<V> implements Reader<V>, Inspectable<V> {
  readonly name: string;
  readonly kind = "view" as const;
  readonly dependencies: readonly Dependency[];
  /** Always 0: it keeps nothing that could be updated. */
  readonly updates = 0;
  /** Calls the function. May be passed on without the object. */
  readonly read: () => V;

  /** @throws {TypeError | RangeError} when `read` is no function, or an option makes no sense */
  constructor(read: () => V, options: ViewOptions = {}) {
    const creating = new Check("create view");
    checkFunction(creating, "read", read);
    creating.object("options", options);
    const { name = "view", dependencies = [], ...rest } = options;
    const check = Check.creation("view", name);
    checkDependencies(check, dependencies);
    check.nothingElse(rest);
    this.name = name;
    this.dependencies = [...dependencies];
    this.read = () => read();
  }

  /** What a read returns or throws now, and whether something that it comes from is old. Never throws. */
  status(): Status<V> {
    const stale = this.dependencies.some((one) => isStale(nodeOf(one)));
    try {
      return { value: this.read(), updatedAt: undefined, error: undefined, stale };
    } catch (thrown) {
      const error = toError(thrown, `Update of view "${this.name}" failed`);
      return { value: undefined, updatedAt: undefined, error, stale };
    }
  }
}
