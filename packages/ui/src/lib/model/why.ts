import { ageText } from "./age.ts";
import { durationText } from "./duration.ts";
import type { EventType } from "./wire.ts";

/** What a line about an event is made of; what is not known is left out. */
export interface Occurrence {
  readonly type: EventType;
  readonly name: string;
  /** Name of the supervisor above. */
  readonly supervisor?: string | undefined;
  /** The error in one line; of a supervisor that gave up, that of the actor that was restarted too often. */
  readonly error?: string | undefined;
  readonly policy?: string | undefined;
  /** Of the supervisor above. */
  readonly strategy?: string | undefined;
  /** Which restart it is. */
  readonly restart?: number | undefined;
  /** Milliseconds before it. */
  readonly delay?: number | undefined;
  /** Names of the siblings that are restarted with it. */
  readonly along?: readonly string[] | undefined;
  /** Why it was stopped, where somebody else was the cause. */
  readonly because?: string | undefined;
  /** Whether it has stopped for good. */
  readonly isOver?: boolean | undefined;
  /** Milliseconds that it had to end. */
  readonly shutdownTimeout?: number | undefined;
  /** Type of the message that was not handled. */
  readonly message?: string | undefined;
  /** Of a value that is stale because of another: which, and why its update failed. */
  readonly source?: { readonly name: string; readonly error?: string } | undefined;
  /** Milliseconds since a value was updated last. */
  readonly silent?: number | undefined;
  /** Milliseconds for which a value was not well, or a queue stood. */
  readonly lasted?: number | undefined;
  /** Messages that are queued, and milliseconds for which the oldest of them waits. */
  readonly queued?: number | undefined;
  readonly waits?: number | undefined;
  /** The limit that was crossed below a supervisor, which gave up therefore. */
  readonly limit?: CrossedLimit | undefined;
}

/** Who crossed a restart limit, and which. */
export interface CrossedLimit {
  readonly supervisor: string;
  readonly actor: string;
  readonly maxRestarts: number;
  readonly window: number;
}

/** What happened and why, in one line. */
export function whyOf(occurrence: Occurrence): string {
  return lines[occurrence.type](occurrence);
}

const lines: Readonly<Record<EventType, (occurrence: Occurrence) => string>> = {
  registered: ({ name, supervisor }) =>
    supervisor === undefined ? `${name} is supervised` : `${name} is supervised by "${supervisor}"`,
  started: ({ name, restart = 0 }) =>
    restart === 0 ? `${name} started` : `${name} started again: restart ${restart}`,
  ready: ({ name }) => `${name} is ready`,
  stopped: (occurrence) => {
    const { error, because } = occurrence;
    if (error !== undefined) return `${crashLine(occurrence)}${stayLine(occurrence)}`;
    const reason = because === undefined ? "" : `, ${because}`;
    return `${occurrence.name} stopped${occurrence.isOver ? " for good" : ""}${reason}`;
  },
  restarting: restartLine,
  abandoned: (occurrence) => {
    const { name, shutdownTimeout } = occurrence;
    const limit = shutdownTimeout === undefined ? "" : ` within ${durationText(shutdownTimeout)}`;
    return `${name} did not end${limit} and was left behind${stayLine(occurrence)}`;
  },
  undelivered: ({ name, message, error }) =>
    `message ${JSON.stringify(message)} to ${name} was never handled: ${error}`,
  terminal: (occurrence) => {
    const isTop = occurrence.supervisor === undefined;
    return `${crashLine(occurrence)}${isTop ? ", and nobody is above it" : ""}`;
  },
  stalled: ({ name, queued = 0, waits = 0 }) =>
    `${name} is stalled: ${queued} queued, the oldest waits for ${ageText(waits)}`,
  flowing: ({ name, lasted = 0 }) => `${name} takes its messages again, after ${ageText(lasted)}`,
  "value-failed": ({ name, error }) => `${name} fails: ${error}`,
  "value-stale": ({ name, source, silent }) => {
    if (source === undefined) return `${name} is old: ${silenceLine(silent)}`;
    const fails = source.error === undefined ? "is old" : `fails: ${source.error}`;
    return `${name} is old, as ${source.name} ${fails}`;
  },
  "value-recovered": ({ name, lasted = 0 }) => `${name} is well again, after ${ageText(lasted)}`,
};

function silenceLine(silent: number | undefined): string {
  return silent === undefined ? "it was never updated" : `no update for ${ageText(silent)}`;
}

function crashLine({ name, error, limit }: Occurrence): string {
  if (limit === undefined) return `${name} crashed: ${error}`;
  const { supervisor, actor, maxRestarts, window } = limit;
  const restarts = `${maxRestarts} ${maxRestarts === 1 ? "restart" : "restarts"}`;
  const cause = error === undefined ? "" : ` (${error})`;
  return `${actor} crossed the limit of ${restarts} in ${durationText(window)}${cause}: supervisor "${supervisor}" gave up`;
}

function stayLine({ policy, isOver }: Occurrence): string {
  if (!isOver) return "";
  return policy === "temporary" ? "; temporary: it stays stopped" : "; it stays stopped";
}

function restartLine(occurrence: Occurrence): string {
  const { name, error, policy, restart, delay = 0, limit, supervisor, strategy } = occurrence;
  const when = delay === 0 ? "at once" : `in ${durationText(delay)}`;
  const along = alongLine(occurrence);
  if (limit !== undefined) {
    return `${crashLine(occurrence)}, which "${supervisor}" restarts ${when}${along || ` (${strategy})`}`;
  }
  const what = error === undefined ? `${name} ended` : crashLine(occurrence);
  return `${what}; ${policy}: restart ${restart} ${when}${along}`;
}

function alongLine({ along, strategy }: Occurrence): string {
  if (along === undefined) return "";
  if (along.length === 0) return ` (${strategy})`;
  return `, taking along ${listLine(along)} (${strategy})`;
}

const mostNames = 5;

function listLine(names: readonly string[]): string {
  if (names.length > mostNames) {
    return `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;
  }
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
