/** Each throws a `TypeError` or `RangeError` that names the value and the rule: *Cannot create …: `capacity` must be …*. */
export function checkInteger(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most: number,
): void {
  if (isInteger(value, least, most)) return;
  refuse(action, name, `an integer from ${least} to ${most}`, value, typeof value === "number");
}

/** Milliseconds above 0 that a timer of JavaScript keeps, or `false`. */
export function checkTimeout(action: string, name: string, value: unknown): void {
  if (value === false || (typeof value === "number" && value > 0 && value <= longestDelay)) return;
  const rule = `milliseconds above 0 and up to ${longestDelay}, or false`;
  refuse(action, name, rule, value, typeof value === "number");
}

export function checkName(action: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    refuse(action, "name", "a string that is not empty", value, value === "");
}

export function checkBoolean(action: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(action, name, "a boolean", value, false);
}

export function checkObject(action: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse(action, name, "an object", value, false);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    refuse(action, name, "a function", value, false);
}

export function checkSignal(action: string, value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal))
    refuse(action, "signal", "an AbortSignal", value, false);
}

export function isInteger(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** @throws TypeError, or RangeError when the value is of the right type. */
export function refuse(
  action: string,
  name: string,
  rule: string,
  value: unknown,
  isRange: boolean,
): never {
  const message = `Cannot ${action}: \`${name}\` must be ${rule}, got ${show(value)}`;
  throw isRange ? new RangeError(message) : new TypeError(message);
}

/** The longest delay that timers of JavaScript keep. */
export const longestDelay = 2_147_483_647;

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
