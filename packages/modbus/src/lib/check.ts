/** Each throws a `TypeError` or `RangeError` that names the value and the rule: *Cannot read coils: `quantity` must be …*. */
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

export function checkBoolean(action: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(action, name, "a boolean", value, false);
}

/** Milliseconds above 0 that a timer of JavaScript keeps; a longer one would fire at once. */
export function checkTimeout(action: string, name: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value <= longestDelay) return;
  refuse(
    action,
    name,
    `milliseconds above 0 and up to ${longestDelay}`,
    value,
    typeof value === "number",
  );
}

export function checkText(action: string, name: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    refuse(action, name, "a string that is not empty", value, value === "");
}

/** The ids of Modbus over Serial Line V1.02, section 2.2, and 255, which on TCP is the device at the address itself. */
export function checkUnitId(action: string, name: string, value: unknown): void {
  if (
    value === 255 ||
    (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 247)
  )
    return;
  refuse(action, name, "an integer from 0 to 247, or 255", value, typeof value === "number");
}

export function checkChoice(
  action: string,
  name: string,
  value: unknown,
  choices: readonly string[],
): void {
  if (choices.includes(value as string)) return;
  refuse(
    action,
    name,
    choices.map((choice) => JSON.stringify(choice)).join(" or "),
    value,
    typeof value === "string",
  );
}

export function checkObject(action: string, value: unknown): void {
  if (typeof value !== "object" || value === null)
    refuse(action, "options", "an object", value, false);
}

export function checkFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    refuse(action, name, "a function", value, false);
}

export function checkList(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most: number,
): void {
  if (!Array.isArray(value)) refuse(action, name, "an array", value, false);
  if (value.length >= least && value.length <= most) return;
  throw new RangeError(
    `Cannot ${action}: \`${name}\` must hold ${least} to ${most} values, got ${value.length}`,
  );
}

function refuse(
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
