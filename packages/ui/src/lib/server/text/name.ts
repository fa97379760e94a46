import { middleCut } from "../../model/middle-cut.ts";
import { safely } from "./safely.ts";
import { visibleName } from "./visible-name.ts";

const longest = 200;

/** The name of an actor or a value as it is shown: no two that differ look the same, and none looks empty. */
export function nameOf(named: object): string {
  return shown(givenNameOf(named));
}

/** The name as it was given: somebody else's, who may have put anything there. */
export function givenNameOf(named: object): string {
  return label(() => (named as { name?: unknown }).name, "(no name)");
}

/** What it calls itself. */
export function kindOf(named: object): string {
  return shown(label(() => (named as { kind?: unknown }).kind, "actor"));
}

function shown(text: string): string {
  return middleCut(visibleName(text), longest);
}

function label(read: () => unknown, fallback: string): string {
  const text = safely(read, undefined);
  return typeof text === "string" && text !== "" ? middleCut(text, longest) : fallback;
}
