import { childOf } from "../core-facts.ts";
import type { ActorRow } from "../rows/actor-row.ts";
import type { Journal } from "./journal.ts";

const troubles: ReadonlySet<string> = new Set([
  "restarting",
  "abandoned",
  "terminal",
  "undelivered",
]);

/** The last thing that went wrong with an actor: which error, which policy, and what those above made of it. */
export function lastTrouble(
  journal: Journal,
  { actor, state: { id } }: ActorRow,
): string | undefined {
  const own = journal
    .of(id)
    .findLast(
      ({ type, error }) => troubles.has(type) || (type === "stopped" && error !== undefined),
    );
  if (own === undefined) return undefined;
  const supervisor = childOf(actor)?.supervisor;
  const above = supervisor && childOf(supervisor)?.id;
  if (supervisor === undefined) return own.why;
  // A supervisor that gave up says so right after the crash that was one too many.
  const events = journal.of(above ?? 0).filter(({ seq }) => seq > own.seq);
  const gaveUp = events.find(({ type }) => type === "terminal");
  if (gaveUp === undefined || !gaveUp.why.startsWith(`${state(own.path)} `)) return own.why;
  const answer = events.find(({ type, seq }) => type === "restarting" && seq > gaveUp.seq);
  return answer === undefined ? gaveUp.why : `${gaveUp.why}: ${answer.why}`;
}

function state(path: readonly string[]): string {
  return path.at(-1)!;
}
