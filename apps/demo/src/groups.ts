import { type Actor, Supervisor, type SupervisorOptions } from "@sup/core";

/**
 * A group about something outside of this process. Who comes later depends on who came before: a device that was started
 * anew needs a new connection. There is no limit to restarts: in the field a device may be away for weeks, and is welcome
 * when it is back.
 */
export function outside(name: string, ...actors: readonly (Actor | undefined)[]): Supervisor {
  return new Supervisor(name, {
    actors: actors.filter((actor) => actor !== undefined),
    policy: "permanent",
    strategy: "rest-for-one",
    startup: "ordered",
    restartDelay: { initial: 500, max: 10_000, resetAfter: 5_000 },
  });
}

/** A device that does not answer crashes nobody in here. What does crash is tried afresh, and after that is for those above. */
export const withinLimits: SupervisorOptions = {
  policy: "permanent",
  restartDelay: { initial: 200, max: 5_000 },
  restartLimit: { maxRestarts: 3, window: 30_000 },
};

/** A group of what goes on in this process; none where nobody is in it. */
export function inside(name: string, actors: readonly Actor[] = []): Supervisor[] {
  return actors.length === 0 ? [] : [new Supervisor(name, { actors, ...withinLimits })];
}
