/** Each throws a `TypeError` or `RangeError` that names the value and the rule: *Cannot create …: `method` must be …*. */
export function checkInteger(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most: number,
): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most)
    return;
  refuse(action, name, `an integer from ${least} to ${most}`, value, typeof value === "number");
}

/** Milliseconds that a timer of JavaScript keeps; a longer time would be over at once. */
export function checkTime(action: string, name: string, value: unknown, least: number): void {
  if (typeof value === "number" && value >= least && value <= longestDelay) return;
  const rule = `milliseconds from ${least} to ${longestDelay}`;
  refuse(action, name, rule, value, typeof value === "number");
}

/** Milliseconds above 0 that a timer of JavaScript keeps. */
export function checkTimeout(action: string, name: string, value: unknown, also = ""): void {
  if (typeof value === "number" && value > 0 && value <= longestDelay) return;
  const rule = `milliseconds above 0 and up to ${longestDelay}${also}`;
  refuse(action, name, rule, value, typeof value === "number");
}

export function checkText(action: string, name: string, value: unknown): void {
  if (typeof value !== "string") refuse(action, name, "a string", value, false);
}

export function checkName(action: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    refuse(action, "name", "a string that is not empty", value, value === "");
}

export function checkObject(action: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) refuse(action, name, "an object", value, false);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    refuse(action, name, "a function", value, false);
}

export function checkSignal(action: string, value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal))
    refuse(action, "signal", "an AbortSignal", value, false);
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
const longestDelay = 2_147_483_647;

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
