/** The longest delay that timers of JavaScript keep; a longer one would fire at once. */
const longestDelay = 2_147_483_647;

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

/** Checks what the options of most values have. */
export function checkOptions(
  action: string,
  options: ProviderOptions & StaleOptions & { readonly equal?: unknown },
): void {
  const { initialNotify, subscriberBuffer, onError, equal, staleAfter } = options;
  if (initialNotify !== undefined) checkBoolean(action, "initialNotify", initialNotify);
  if (subscriberBuffer !== undefined) checkInteger(action, "subscriberBuffer", subscriberBuffer, 1);
  if (onError !== undefined) checkFunction(action, "onError", onError);
  if (equal !== undefined) checkFunction(action, "equal", equal);
  if (staleAfter !== undefined) checkDelay(action, "staleAfter", staleAfter, 1);
}

export function checkName(kind: string, name: unknown): asserts name is string {
  if (typeof name !== "string") {
    throw new TypeError(`Cannot create ${kind}: \`name\` must be a string, got ${show(name)}`);
  }
  if (name === "") throw new RangeError(`Cannot create ${kind}: \`name\` must not be empty`);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`${action}: \`${name}\` must be a function, got ${show(value)}`);
}

export function checkBoolean(action: string, name: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new TypeError(`${action}: \`${name}\` must be a boolean, got ${show(value)}`);
}

export function checkInteger(action: string, name: string, value: unknown, least: number): void {
  if (Number.isInteger(value) && (value as number) >= least) return;
  const message = `${action}: \`${name}\` must be an integer of ${least} or more, got ${show(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

/** Milliseconds that a timer can keep. */
export function checkDelay(action: string, name: string, value: unknown, least: number): void {
  const message = `${action}: \`${name}\` must be a number from ${least} to ${longestDelay}, got ${show(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!(value >= least && value <= longestDelay)) throw new RangeError(message);
}

/** A value as an error message names it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function")
    return value.name === "" ? "a function" : `function ${value.name}`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
