import { numberText } from "./number-text.ts";
import type { ValueState } from "./wire.ts";

/** A value as a list shows it: numbers for a person, and what JSON has no word for as itself. */
export function valueDisplay({ type, text = "—" }: Pick<ValueState, "type" | "text">): string {
  const bare = bareText({ type, text });
  return type === "number" && bare === text ? numberText(Number(text)) : bare;
}

/** A value with all its digits; what JSON has no word for, as a date, is no string, and stands without the quotes of one. */
export function bareText({ type, text = "—" }: Pick<ValueState, "type" | "text">): string {
  if (type === "string" || !text.startsWith('"')) return text;
  // What was cut has lost its last quote.
  return text.endsWith('"') ? (JSON.parse(text) as string) : text.slice(1);
}

/** What was parsed of JSON in one line of plain text, down to the parts of a list or a record. */
export function valueLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(partLine).join(", ")}]`;
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || value === null) return partLine(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${partLine(part)}`)
    .join(", ");
}

function partLine(value: unknown): string {
  // A comma between thousands would look like one between parts.
  if (typeof value === "number") return numberText(value).replaceAll(",", "");
  return typeof value === "string" ? value : JSON.stringify(value);
}
