import type { EventType, LifecycleEvent } from "../../model/wire.ts";

/** The last thing that went wrong with an actor, among its events: which error, which policy, and what came of it. */
export function lastTrouble(events: readonly LifecycleEvent[]): string | undefined {
  return events.findLast(isTrouble)?.why;
}

function isTrouble({ type, error }: LifecycleEvent): boolean {
  const isEnd = type === "stopped" || type === "restarting";
  return isEnd ? error !== undefined : !harmless.has(type);
}

const harmless: ReadonlySet<EventType> = new Set([
  "registered",
  "started",
  "ready",
  "flowing",
  "value-recovered",
]);
