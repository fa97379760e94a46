import type { Check } from "@sup/core/adapter";

/** Options of every value that can be followed. */
export interface ProviderOptions {
  /**
   * Whether a new subscriber gets the current value first, if there is one.
   * @defaultValue `false`
   */
  readonly initialNotify?: boolean | undefined;
  /**
   * Values that are kept for a subscriber that is slow, at least 1; past it the oldest goes.
   * @defaultValue 16
   */
  readonly subscriberBuffer?: number | undefined;
  /** Told of updates and listeners that failed. What it throws changes nothing. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Options of values that may hold equal updates back. */
export interface EqualOptions<V> {
  /**
   * An update that is equal to the value before is not broadcast, and nothing is computed from it: `Object.is`, or a
   * function of one's own.
   * @defaultValue none: every update is broadcast
   */
  readonly equal?: ((before: V, after: V) => boolean) | undefined;
}

/** Options of values that come from outside, and may cease to come. */
export interface StaleOptions {
  /**
   * Milliseconds without a successful update after which the value counts as stale.
   * @defaultValue none: it never does
   */
  readonly staleAfter?: number | undefined;
}

/** The options of what comes from outside, whatever the type of the value. */
export interface OutsideOptions extends ProviderOptions, StaleOptions {
  readonly equal?: unknown;
  readonly initialValue?: unknown;
}

/** Checks the options of what comes from outside; those that a kind of value has beside have been taken out. */
export function checkOutsideOptions(check: Check, options: OutsideOptions): void {
  const { initialValue: _, staleAfter, ...common } = options;
  if (staleAfter !== undefined) check.delay("staleAfter", staleAfter, 1);
  checkOptions(check, common);
}

/** Checks what the options of most values have; those that a kind of value has beside have been taken out. */
export function checkOptions(
  check: Check,
  options: ProviderOptions & { readonly equal?: unknown },
): void {
  const { initialNotify = false, subscriberBuffer = 1, onError, equal, ...rest } = options;
  check.boolean("initialNotify", initialNotify);
  check.integer("subscriberBuffer", subscriberBuffer, 1);
  check.functions({ onError, equal });
  check.nothingElse(rest);
}

export function checkFunction(check: Check, name: string, value: unknown): void {
  if (typeof value !== "function") check.refuse(name, "a function", value);
}
