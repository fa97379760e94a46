import { budgetText } from "./budget-text.ts";
import { ageText } from "./age.ts";
import { durationText } from "./duration.ts";
import type { ActorState, ValueState } from "./wire.ts";

/** What is wrong with an actor or a value, worst first. */
export const problemKinds = [
  "failed",
  "abandoned",
  "not started",
  "backing off",
  "restart budget",
  "stalled",
  "mailbox",
  "undelivered",
  "stale",
] as const;

export type ProblemKind = (typeof problemKinds)[number];

/** A queue whose oldest message waits for longer than this many milliseconds is stalled. */
export const stalledAfter = 5_000;

/** The worst that is wrong with an actor now. */
export function problemOf(actor: ActorState, now: number): ProblemKind | undefined {
  const { status, budget, queued = 0, capacity = 0, oldestAt } = actor;
  if (status === "failed") return "failed";
  if (status === "abandoned") return "abandoned";
  if (isNotStarted(actor)) return "not started";
  if (status === "waiting") return "backing off";
  if (actor.valueError !== undefined) return "failed";
  if (budget !== undefined && budget.used * 2 > budget.max) return "restart budget";
  if (queued > 0 && oldestAt !== undefined && now - oldestAt > stalledAfter) return "stalled";
  if (capacity > 0 && queued > capacity * 0.8) return "mailbox";
  if (actor.undelivered !== undefined) return "undelivered";
  return actor.stale ? "stale" : undefined;
}

/** What is wrong with a value now. */
export function problemOfValue({ error, stale }: ValueState): ProblemKind | undefined {
  if (error !== undefined) return "failed";
  return stale ? "stale" : undefined;
}

/** Of those below the root some start later. */
function isNotStarted({ parent, status, startedAt }: ActorState): boolean {
  return parent === undefined && status === "starting" && startedAt === undefined;
}

function lossText({ undelivered = 0, undeliveredAt = 0 }: ActorState, now: number): string {
  const messages = undelivered === 1 ? "1 message was" : `${undelivered} messages were`;
  return `${messages} never handled, the last ${ageText(now - undeliveredAt)} ago`;
}

/** What is wrong with a value in one line, by its cause where that is another one. */
export function problemTextOfValue(
  { error, cause, updatedAt }: Pick<ValueState, "error" | "cause" | "updatedAt">,
  now: number,
): string {
  const silence =
    updatedAt === undefined ? "never updated" : `no update for ${ageText(now - updatedAt)}`;
  return error ?? cause ?? silence;
}

/** Whether somebody should get up for it, or only keep an eye on it. */
export function isCritical(problem: ProblemKind): boolean {
  return problemKinds.indexOf(problem) <= problemKinds.indexOf("backing off");
}

/** The problem in one line, with its numbers. */
export function problemText(problem: ProblemKind, actor: ActorState, now: number): string {
  const { queued = 0, capacity = 0, oldestAt = now, restartsAt, lastError, budget } = actor;
  switch (problem) {
    case "failed":
      return (actor.status !== "failed" && actor.valueError) || lastError || "failed";
    case "not started":
      return "nobody has started it";
    case "abandoned":
      return "did not end in time and was left behind";
    case "backing off": {
      const left = restartsAt === undefined ? 0 : restartsAt - now;
      const reason = lastError ?? actor.because;
      const when =
        left > 0 ? `restarts in ${durationText(Math.ceil(left / 100) * 100)}` : "restarts now";
      return reason === undefined ? when : `${when} · ${reason}`;
    }
    case "restart budget":
      return budget === undefined ? problem : `restarted ${budgetText(budget, now)}`;
    case "stalled":
      return `${queued} queued, the oldest waits for ${ageText(now - oldestAt)}`;
    case "mailbox":
      return `${queued} of ${capacity} queued`;
    case "undelivered":
      return lossText(actor, now);
    default:
      return problemTextOfValue(actor, now);
  }
}
