/** The longest delay that timers of JavaScript keep; a longer one would fire at once. */
const longestDelay = 2_147_483_647;

export function checkName(action: string, name: unknown): asserts name is string {
  if (typeof name !== "string") {
    throw new TypeError(`${action}: \`name\` must be a string, got ${show(name)}`);
  }
  if (name === "") throw new RangeError(`${action}: \`name\` must not be empty`);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (typeof value !== "function") {
    throw new TypeError(`${action}: \`${name}\` must be a function, got ${show(value)}`);
  }
}

export function checkChoice(
  action: string,
  name: string,
  value: unknown,
  choices: readonly string[],
): void {
  if (choices.includes(value as string)) return;
  throw new TypeError(`${action}: \`${name}\` must be one of ${choices.join(", ")}, got ${show(value)}`);
}

/** A whole or broken number from `least` to `most`. */
export function checkNumber(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most: number = Infinity,
): void {
  const rule = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
  const message = `${action}: \`${name}\` must be a number ${rule}, got ${show(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!(value >= least && value <= most)) throw new RangeError(message);
}

export function checkInteger(action: string, name: string, value: unknown, least: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return;
  const message = `${action}: \`${name}\` must be an integer of ${least} or more, got ${show(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

/** Milliseconds that a timer can keep, or `Infinity` for never. */
export function checkTimeout(action: string, name: string, value: unknown): void {
  if (value !== Infinity) checkNumber(action, name, value, 0, longestDelay);
}

/** Milliseconds that a timer can keep. */
export function checkDelay(action: string, name: string, value: unknown): void {
  checkNumber(action, name, value, 0, longestDelay);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
