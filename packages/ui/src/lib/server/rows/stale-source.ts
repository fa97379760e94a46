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
  /** When its last update succeeded; left out where none did. */
  readonly updatedAt: number | undefined;
  readonly value: Inspectable<unknown>;
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
    if (asked === undefined || source === value) continue;
    const { error, stale, updatedAt } = asked.status();
    if (!stale) continue;
    const found = { name: nameOf(source), updatedAt, value: asked };
    if (error !== undefined) return { ...found, error: errorLine(error) };
    farthest = found;
    for (const above of asked.dependencies) if (sources.size < mostAsked) sources.add(above);
  }
  return farthest;
}
