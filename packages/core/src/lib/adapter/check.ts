import { checkNothingElse, longestDelay } from "../options.ts";

/**
 * Checks what a caller gave. Each throws a `TypeError`, or a `RangeError` when the value is of the right type, whose message
 * names the action, the value and the rule: *Cannot create meter "hall": `capacity` must be an integer of 0 or more, got -1*.
 *
 * @example
 * ```ts
 * const check = Check.creation("meter", name);
 * const { capacity = 64, interval = 1_000, onError, ...rest } = options;
 * check.integer("capacity", capacity, 0);
 * check.timeout("interval", interval);
 * check.functions({ onError });
 * check.nothingElse(rest);
 * ```
 */
export class Check {
  readonly #action: string;

  /** @param action - what cannot be done with such a value, as in `read registers`. */
  constructor(action: string) {
    this.#action = action;
  }

  /** The checks for creating an actor of that kind; its name must be a string that is not empty. */
  static creation(kind: string, name: unknown): Check {
    new Check(`create ${kind}`).text("name", name);
    return new Check(`create ${kind} ${JSON.stringify(name)}`);
  }

  /** What cannot be done, to go on with: `read registers`. */
  get action(): string {
    return this.#action;
  }

  /** A whole number from `least` to `most`. */
  integer(
    name: string,
    value: unknown,
    least: number,
    most: number = Number.MAX_SAFE_INTEGER,
  ): void {
    if (Number.isInteger(value) && isWithin(value as number, least, most)) return;
    this.refuse(name, `an integer ${span(least, most)}`, value, "number");
  }

  /** Any number from `least` to `most`; `NaN` is none. */
  number(name: string, value: unknown, least: number, most: number = Infinity): void {
    if (typeof value === "number" && isWithin(value, least, most)) return;
    this.refuse(name, `a number ${span(least, most)}`, value, "number");
  }

  /** Milliseconds from `least` to `most`; a timer of JavaScript keeps none above the default of `most`. */
  delay(name: string, value: unknown, least: number = 0, most: number = longestDelay): void {
    if (typeof value === "number" && isWithin(value, least, most)) return;
    this.refuse(name, `milliseconds from ${least} to ${most}`, value, "number");
  }

  /** Milliseconds above 0 that a timer of JavaScript keeps. */
  timeout(name: string, value: unknown): void {
    if (!isTimeout(value)) this.refuse(name, timeoutRule, value, "number");
  }

  /** Milliseconds above 0 that a timer of JavaScript keeps, or `false` for never. */
  timeoutOrFalse(name: string, value: unknown): void {
    if (value === false || isTimeout(value)) return;
    this.refuse(name, `${timeoutRule}, or false`, value, "number");
  }

  /** A string, which may be empty. */
  string(name: string, value: unknown): void {
    if (typeof value !== "string") this.refuse(name, "a string", value);
  }

  /** A string that is not empty. */
  text(name: string, value: unknown): void {
    if (typeof value === "string" && value !== "") return;
    this.refuse(name, "a string that is not empty", value, "string");
  }

  /** `true` or `false`, and nothing that only counts as one. */
  boolean(name: string, value: unknown): void {
    if (typeof value !== "boolean") this.refuse(name, "a boolean", value);
  }

  /** An object that is no array. */
  object(name: string, value: unknown): void {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
    this.refuse(name, "an object", value);
  }

  /** An array of `least` to `most` elements. */
  list(name: string, value: unknown, least: number = 0, most: number = Infinity): void {
    if (!Array.isArray(value)) this.refuse(name, "an array", value);
    if (isWithin(value.length, least, most)) return;
    const rule = most === Infinity ? `${least} values or more` : `${least} to ${most} values`;
    throw new RangeError(
      `Cannot ${this.#action}: \`${name}\` must hold ${rule}, got ${value.length}`,
    );
  }

  /** One of `choices`, which are all strings or all numbers. */
  choice(name: string, value: unknown, choices: readonly (string | number)[]): void {
    if (choices.includes(value as string)) return;
    const type = typeof choices[0] === "number" ? "number" : "string";
    this.refuse(name, choices.map(show).join(" or "), value, type);
  }

  /** Functions by their names; each may be `undefined`. */
  functions(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values))
      if (value !== undefined && typeof value !== "function")
        this.refuse(name, "a function", value);
  }

  /** The option `signal`: an `AbortSignal`, or `undefined`. */
  signal(value: unknown): void {
    if (value !== undefined && !(value instanceof AbortSignal))
      this.refuse("signal", "an AbortSignal", value);
  }

  /**
   * What is left of the options when those that there are have been taken out; its type says at compile time that none was
   * forgotten. A name whose value is `undefined` may be there all the same.
   *
   * @param path - what goes before the name, as in `retry.`.
   */
  nothingElse(rest: Readonly<Record<string, never>>, path: string = ""): void {
    checkNothingElse(this.#action, rest, path);
  }

  /**
   * Throws: `name` must be `rule`, and is `value`. A `RangeError` when the value is of the type that is named, a `TypeError`
   * otherwise.
   */
  refuse(name: string, rule: string, value: unknown, type?: "number" | "string"): never {
    const message = `Cannot ${this.#action}: \`${name}\` must be ${rule}, got ${show(value)}`;
    throw typeof value === type ? new RangeError(message) : new TypeError(message);
  }
}

const timeoutRule = `milliseconds above 0 and up to ${longestDelay}`;

function isTimeout(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= longestDelay;
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function span(least: number, most: number): string {
  return most >= Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
}

/** Text and numbers as they are; of anything else its kind, as it may hold a secret. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
