import { durationText } from "./duration.ts";
import type { EventType } from "./wire.ts";

/** What a line about an event is made of. */
export interface Occurrence {
  readonly type: EventType;
  /** Of the actor; of a supervisor that gave up. */
  readonly name: string;
  /** Name of the supervisor above, where there is one. */
  readonly supervisor?: string | undefined;
  /** The error in one line. */
  readonly error?: string | undefined;
  readonly policy?: string | undefined;
  readonly strategy?: string | undefined;
  /** Which restart it is. */
  readonly restart?: number | undefined;
  /** Milliseconds before it. */
  readonly delay?: number | undefined;
  /** Names of the siblings that are restarted with it. */
  readonly along?: readonly string[] | undefined;
  /** Whether it has stopped for good. */
  readonly isOver?: boolean | undefined;
  /** Milliseconds that it had to end. */
  readonly shutdownTimeout?: number | undefined;
  /** Type of the message that was not handled. */
  readonly message?: string | undefined;
  /** Of a supervisor that gave up: the actor that crossed the limit, and the limit. */
  readonly culprit?: string | undefined;
  readonly maxRestarts?: number | undefined;
  readonly window?: number | undefined;
}

/** What happened and why, in one line. */
export function whyOf(occurrence: Occurrence): string {
  return lines[occurrence.type](occurrence);
}

/** What happened to the actor last that went wrong, and what those above made of it; the oldest first. */
export function whyChain(lines: readonly string[]): string {
  return lines.join("; ");
}

const lines: Readonly<Record<EventType, (occurrence: Occurrence) => string>> = {
  registered: ({ name, supervisor }) =>
    supervisor === undefined ? `${name} is there` : `${name} came under "${supervisor}"`,
  started: ({ name, restart = 0 }) =>
    restart === 0 ? `${name} started` : `${name} started again: restart ${restart}`,
  ready: ({ name }) => `${name} is ready`,
  stopped: stoppedLine,
  restarting: restartingLine,
  abandoned: ({ name, shutdownTimeout, policy, isOver }) =>
    `${name} did not end${shutdownTimeout === undefined ? "" : ` within ${durationText(shutdownTimeout)}`} ` +
    `and was left behind${isOver ? stayLine(policy) : ""}`,
  undelivered: ({ name, message, error }) =>
    `message "${message}" to ${name} was never handled: ${error}`,
  terminal: terminalLine,
};

function stoppedLine({ name, error, policy, isOver }: Occurrence): string {
  if (error === undefined) return isOver ? `${name} stopped for good` : `${name} stopped`;
  return `${name} crashed: ${error}${isOver ? stayLine(policy) : ""}`;
}

function stayLine(policy: string | undefined): string {
  return policy === undefined ? "; it stays stopped" : `; ${policy}: it stays stopped`;
}

function restartingLine(occurrence: Occurrence): string {
  const { name, error, policy, restart, delay = 0 } = occurrence;
  const what = error === undefined ? `${name} ended` : `${name} crashed: ${error}`;
  const when = delay === 0 ? "at once" : `in ${durationText(delay)}`;
  return `${what}; ${policy}: restart ${restart} ${when}${alongLine(occurrence)}`;
}

function alongLine({ along, strategy }: Occurrence): string {
  if (strategy === undefined || strategy === "one-for-one") return "";
  if (along === undefined || along.length === 0) return ` (${strategy})`;
  return `, taking along ${listLine(along)} (${strategy})`;
}

const mostNames = 5;

function listLine(names: readonly string[]): string {
  const shown = names.slice(0, mostNames);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  const last = shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(", ")} and ${last}`;
}

function terminalLine(occurrence: Occurrence): string {
  const { name, supervisor, error, policy, culprit, maxRestarts, window } = occurrence;
  const limit =
    maxRestarts === undefined || window === undefined
      ? "its restart limit"
      : `the limit of ${maxRestarts} ${maxRestarts === 1 ? "restart" : "restarts"} in ${durationText(window)}`;
  const cause = error === undefined ? "" : ` (${error})`;
  const gaveUp = `${culprit ?? "an actor"} crossed ${limit}${cause}: supervisor "${name}" gave up`;
  if (supervisor === undefined) return `${gaveUp}, and there is none above it`;
  return policy === "temporary"
    ? `${gaveUp}, and stays stopped under "${supervisor}" (temporary)`
    : `${gaveUp}, which "${supervisor}" answers (${policy})`;
}
