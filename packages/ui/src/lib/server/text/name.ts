import { middleCut } from "../../model/middle-cut.ts";
import { safely } from "./safely.ts";

const longest = 200;

/** The name of an actor or a value: somebody else's, who may have put anything there. */
export function nameOf(named: object): string {
  return label(() => (named as { name?: unknown }).name, "(no name)");
}

/** What it calls itself. */
export function kindOf(named: object): string {
  return label(() => (named as { kind?: unknown }).kind, "actor");
}

function label(read: () => unknown, fallback: string): string {
  const text = safely(read, undefined);
  return typeof text === "string" && text !== "" ? middleCut(text, longest) : fallback;
}
