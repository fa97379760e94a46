import { styleText } from "node:util";
import { type Actor, type Logger, Supervisor, type SupervisorObserver } from "@sup/core";
import { durationText } from "../text/duration.ts";
import { type Level, lineOf, type Paint, type Part } from "./line.ts";
import { Repetition } from "./repetition.ts";

/** What tells of all that happens; both go into the options of the topmost supervisor. */
export interface Journal {
  readonly logger: Logger;
  readonly observer: SupervisorObserver;
}

/** A journal for people at a terminal. In production the logger is pino, or what you have, and tells enough by itself. */
export function createJournal(write: (line: string) => void): Journal {
  const logger = createLogger(write, {});
  return { logger, observer: createObserver(logger) };
}

function createLogger(
  write: (line: string) => void,
  own: Record<string, unknown>,
  repetition = new Repetition(),
): Logger {
  const log =
    (level: Level) =>
    (bindings: Record<string, unknown>, message: string): void => {
      if (toldByObserver.has(message) || toldElsewhere.test(message)) return;
      const why = `${message}: ${String(bindings["error"])}`;
      if (failedUpdate.test(message) && repetition.isTooSoon(why)) return;
      write(lineOf({ time: new Date(), level, bindings: { ...own, ...bindings }, message }, paint));
    };
  return {
    debug: () => {},
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    child: (bindings) => createLogger(write, { ...own, ...bindings }, repetition),
  };
}

/** Supervisors log what they tell their observers, too; an observer is told more. */
const toldByObserver = new Set<string>([
  "onActorRestarting",
  "onActorAbandoned",
  "onMessageUndelivered",
  "onSupervisorTerminal",
] satisfies (keyof SupervisorObserver)[]);

/** The report tells of the reading, and what a link writes to of its writes. */
const toldElsewhere = /^update of (?:signal "reading"|link ".*") /;

/** A value of the bus tells of each update that fails, however fast they come. */
const failedUpdate = /^update of /;

function createObserver(logger: Logger): SupervisorObserver {
  const downSince = new Map<Actor, number>();
  // What begins and ends as it should is told of supervisors alone: there are dozens of actors.
  const tellOfGroup = (actor: Actor, event: string): void => {
    if (actor instanceof Supervisor) logger.info({ actor: actor.name }, event);
  };
  return {
    onActorRestarting({ name }, count, _, delay) {
      logger.warn({ actor: name }, `restarts in ${Math.round(delay)} ms (restart ${count})`);
    },
    onActorReady(actor) {
      const since = downSince.get(actor);
      downSince.delete(actor);
      if (since === undefined) return tellOfGroup(actor, "ready");
      const duration = durationText(performance.now() - since);
      logger.info({ actor: actor.name }, `ready again after ${duration}`);
    },
    onActorStopped(actor, error) {
      if (error === undefined) tellOfGroup(actor, "stopped");
      // A crash stands in the log already, as that of an error.
      else if (!downSince.has(actor)) downSince.set(actor, performance.now());
    },
    onActorAbandoned({ name }) {
      logger.error({ actor: name }, "does not end, and is left behind");
    },
    onMessageUndelivered({ name }, { type }, error) {
      logger.warn({ actor: name, error }, `"${type}" will never be handled`);
    },
    onSupervisorTerminal(error) {
      logger.error({ error }, "a supervisor gives up");
    },
  };
}

/** `styleText` paints nothing where standard output is no terminal, or where `NO_COLOR` is set. */
const paint: Paint = (part, text) => {
  const style = styles[part];
  return style === undefined ? text : styleText(style, text);
};

const styles: { readonly [Name in Part]?: "gray" | "cyan" | "yellow" | "red" } = {
  time: "gray",
  name: "cyan",
  warn: "yellow",
  error: "red",
};
