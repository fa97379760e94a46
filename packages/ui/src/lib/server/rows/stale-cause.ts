import type { Inspectable } from "@sup/bus";
import { toInspectable } from "../detail/value-detail.ts";
import { errorLine } from "../text/error-text.ts";
import { nameOf } from "../text/name.ts";

/** Values that are asked for one that is stale. */
const mostAsked = 100;

/** Why a value is stale, by what it comes from: `from reading: no answer`; `undefined` where it comes from nothing that is. */
export function staleCause(value: Inspectable<unknown>): string | undefined {
  const sources = new Set<object>(value.dependencies);
  let farthest: string | undefined;
  // Visits what is added on the way, too.
  for (const source of sources) {
    const { error, stale } = toInspectable(source)?.status() ?? {};
    if (error !== undefined) return `from ${nameOf(source)}: ${errorLine(error)}`;
    if (!stale) continue;
    farthest = `from ${nameOf(source)}: nothing updates it any more`;
    for (const above of toInspectable(source)!.dependencies) {
      if (sources.size < mostAsked) sources.add(above);
    }
  }
  return farthest;
}
