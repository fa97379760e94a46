/** Each throws a `TypeError` or `RangeError` that names the value and the rule: *Cannot create …: `cwd` must be …*. */
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

/** Milliseconds that a timer of JavaScript keeps; a longer one would fire at once. */
export function checkDelay(action: string, name: string, value: unknown, least = 0): void {
  if (typeof value === "number" && value >= least && value <= longestDelay) return;
  refuse(
    action,
    name,
    `milliseconds from ${least} to ${longestDelay}`,
    value,
    typeof value === "number",
  );
}

/** Text that a program can be given: the system ends it at the first NUL. */
export function checkText(action: string, name: string, value: unknown, least = 1): void {
  const isText = typeof value === "string";
  if (isText && value.length >= least && !value.includes("\0")) return;
  const rule = least > 0 ? "a string that is not empty and has no NUL" : "a string without NUL";
  refuse(action, name, rule, value, isText);
}

export function checkBoolean(action: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(action, name, "a boolean", value, false);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    refuse(action, name, "a function", value, false);
}

export function checkObject(action: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse(action, name, "an object", value, false);
}

export function checkList(action: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(action, name, "an array", value, false);
}

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

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "bigint" ? `${value}n` : String(value);
}

const longestDelay = 2_147_483_647;
