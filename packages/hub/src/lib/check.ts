import type { StickyKey } from "./rendezvous.ts";

export function checkFunction(action: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`${action}: \`${name}\` must be a function, got ${show(value)}`);
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
