/** The longest delay that timers of JavaScript keep; a longer one would fire at once. */
export const longestDelay = 2_147_483_647;

/**
 * @throws {TypeError} when `value` is not of `type`
 * @throws {RangeError} when it is, and is not `ok`
 */
export function check(
  action: string,
  name: string,
  value: unknown,
  type: "function" | "number" | "object" | "string",
  rule: string,
  ok: boolean = true,
): void {
  const isOfType = typeof value === type && value !== null;
  if (isOfType && ok) return;
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const message = `Cannot ${action}: \`${name}\` must be ${rule}, got ${got}`;
  throw isOfType ? new RangeError(message) : new TypeError(message);
}

/**
 * `rest` is what is left of options when those that there are have been taken out.
 *
 * @throws {TypeError} when one of them has a value: most often it is misspelt
 */
export function checkNothingElse(action: string, rest: object, path: string = ""): void {
  for (const [name, value] of Object.entries<unknown>(rest as Readonly<Record<string, unknown>>)) {
    if (value === undefined) continue;
    throw new TypeError(`Cannot ${action}: unknown option \`${path}${name}\``);
  }
}

export function checkName(action: string, name: unknown): void {
  check(action, "name", name, "string", "a string that is not empty", name !== "");
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined) check(action, name, value, "function", "a function");
}

export function checkChoice(
  action: string,
  name: string,
  value: string,
  choices: readonly string[],
): void {
  check(action, name, value, "string", `one of ${choices.join(", ")}`, choices.includes(value));
}

export function checkNumber(
  action: string,
  name: string,
  value: number,
  least: number,
  most: number = Infinity,
): void {
  const rule = `a number from ${least} to ${most}`;
  check(action, name, value, "number", rule, value >= least && value <= most);
}

export function checkInteger(action: string, name: string, value: number): void {
  const ok = Number.isInteger(value) && value >= 0;
  check(action, name, value, "number", "an integer of 0 or more", ok);
}

/** Milliseconds that a timer can keep. */
export function checkDelay(action: string, name: string, value: number): void {
  checkNumber(action, name, value, 0, longestDelay);
}

/** Milliseconds that a timer can keep, or `Infinity` for never. */
export function checkTimeout(action: string, name: string, value: number | undefined): void {
  if (value !== undefined && value !== Infinity) checkDelay(action, name, value);
}
