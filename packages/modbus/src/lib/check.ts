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

export function checkNumber(action: string, name: string, value: unknown): void {
  if (typeof value !== "number") refuse(action, name, "a number", value, false);
}

export function checkString(action: string, name: string, value: unknown): void {
  if (typeof value !== "string") refuse(action, name, "a string", value, false);
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

/** Milliseconds from 0 on. */
export function checkDuration(action: string, name: string, value: unknown, most: number): void {
  if (typeof value === "number" && value >= 0 && value <= most) return;
  refuse(action, name, `milliseconds from 0 to ${most}`, value, typeof value === "number");
}

export function checkNumberOf(
  action: string,
  name: string,
  value: unknown,
  choices: readonly number[],
): void {
  if (choices.includes(value as number)) return;
  refuse(action, name, choices.join(" or "), value, typeof value === "number");
}

export function checkText(action: string, name: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    refuse(action, name, "a string that is not empty", value, value === "");
}

/**
 * The ids of Modbus over Serial Line V1.02, section 2.2, and on TCP also 255, the device at the address itself (Modbus
 * Messaging on TCP/IP V1.0b, section 4.4.2.3).
 */
export function checkUnitId(action: string, name: string, value: unknown, isLine: boolean): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 247) return;
  if (value === 255 && !isLine) return;
  const rule = `an integer from 0 to 247${isLine ? "" : ", or 255"}`;
  refuse(action, name, rule, value, typeof value === "number");
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

export function checkObject(action: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) refuse(action, name, "an object", value, false);
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

/** Addresses of the protocol's model: `quantity` of them from `address` on, none past the last. */
export function checkSpan(
  action: string,
  address: number,
  quantity: number,
  most: number,
  name: string = "address",
): void {
  checkWord(action, name, address);
  checkInteger(action, "quantity", quantity, 1, most);
  if (address + quantity <= 65_536) return;
  throw new RangeError(
    `Cannot ${action}: \`${name}\` and quantity must end at 65535 or before, got ${quantity} from ${address} on`,
  );
}

export function checkWord(action: string, name: string, value: number): void {
  checkInteger(action, name, value, 0, 65_535);
}

/** The copy is what is checked and sent, whatever the caller does to its list while the request waits. */
export function copyList<Value>(
  action: string,
  values: readonly Value[],
  most: number,
  check: (action: string, name: string, value: Value) => void,
  name: string = "values",
): Value[] {
  checkList(action, name, values, 1, most);
  const copy = Array.from(values);
  for (const [index, value] of copy.entries()) check(action, `${name}[${index}]`, value);
  return copy;
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

/** Milliseconds: a longer timer of JavaScript would fire at once. */
export const longestDelay = 2_147_483_647;
