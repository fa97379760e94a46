import { cut } from "./cut.ts";
import { safely } from "./safely.ts";

const longest = 200;

/** The name of an actor or a value: somebody else's, who may have put anything there. */
export function nameOf(named: { readonly name: unknown }): string {
  return label(() => named.name, "(no name)");
}

/** What it calls itself. */
export function kindOf(actor: { readonly kind?: unknown }): string {
  return label(() => actor.kind, "actor");
}

function label(read: () => unknown, fallback: string): string {
  const text = safely(read, undefined);
  return typeof text === "string" && text !== "" ? cut(text, longest) : fallback;
}
