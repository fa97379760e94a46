import type { StickyKey } from "./rendezvous.ts";

export function checkFunction(action: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`${action}: \`${name}\` must be a function, got ${show(value)}`);
}

export function checkOptionalFunction(action: string, name: string, value: unknown): void {
  if (value !== undefined) checkFunction(action, name, value);
}

export function checkObject(action: string, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`${action}: \`${name}\` must be an object, got ${show(value)}`);
}

export function checkInteger(action: string, name: string, value: unknown, least: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return;
  const message = `${action}: \`${name}\` must be an integer of ${least} or more, got ${show(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
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

/** Milliseconds that a timer can keep; a longer delay would fire at once. */
export function checkTimer(action: string, name: string, value: unknown, least: number): void {
  checkNumber(action, name, value, least, 2_147_483_647);
}

export function checkKey(action: string, name: string, value: unknown): asserts value is StickyKey {
  const message = `${action}: \`${name}\` must be a string, a bigint or a number that is not NaN, got ${show(value)}`;
  if (!["string", "number", "bigint"].includes(typeof value)) throw new TypeError(message);
  if (Number.isNaN(value)) throw new RangeError(message);
}

/** A value as it appears in messages: text and numbers as they are, of anything else its kind and its name. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return `a function${nameOf(value)}`;
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "an array" : `an object${nameOf(value)}`;
    default:
      return String(value);
  }
}

function nameOf(value: object): string {
  const { name } = value as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? ` named ${JSON.stringify(name)}` : "";
}
