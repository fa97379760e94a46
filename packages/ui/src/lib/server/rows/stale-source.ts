import type { Inspectable } from "@sup/bus";
import { errorLine } from "../text/error-text.ts";
import { nameOf } from "../text/name.ts";
import { safely } from "../text/safely.ts";
import { toInspectable } from "./inspectable.ts";

/** Why a value is stale that is not so by itself. */
export interface StaleSource {
  /** Of the value that is stale by itself, as far as is known. */
  readonly name: string;
  /** Why its last update failed, in one line; left out where it did not. */
  readonly error?: string;
}

/** Values that are asked for one that is stale. */
const mostAsked = 100;

/** Whom a stale value has it from: one that failed rather than one that is silent, and the farthest of these. */
export function staleSource(value: Inspectable<unknown>): StaleSource | undefined {
  return safely(() => search(value), undefined);
}

function search(value: Inspectable<unknown>): StaleSource | undefined {
  const sources = new Set<object>(value.dependencies);
  let farthest: StaleSource | undefined;
  // Visits what is added on the way, too.
  for (const source of sources) {
    const asked = toInspectable(source);
    const { error, stale } = asked?.status() ?? {};
    if (!stale || source === value) continue;
    if (error !== undefined) return { name: nameOf(source), error: errorLine(error) };
    farthest = { name: nameOf(source) };
    for (const above of asked!.dependencies) if (sources.size < mostAsked) sources.add(above);
  }
  return farthest;
}
