import { check, checkName } from "../options.ts";
import type { Child } from "../supervisor/child.ts";
import { supervisedAs } from "../supervisor/claim.ts";
import type { Actor, ActorContext } from "./context.ts";

/**
 * A stateless actor from a function of the context: its life is one run of the function.
 *
 * @throws {TypeError | RangeError} when the name or the function makes no sense
 *
 * @example
 * ```ts
 * import { setInterval } from "node:timers/promises";
 *
 * const health = task("health", async ({ signal }) => {
 *   for await (const _ of setInterval(30_000, undefined, { signal })) await ping({ signal });
 * });
 * ```
 */
export function task(name: string, run: (context: ActorContext) => Promise<void> | void): Task {
  return new Task(name, run);
}

/** A stateless actor, made by `task`. */
export class Task implements Actor {
  readonly name: string;
  readonly kind = "task" as const;
  readonly run: (context: ActorContext) => Promise<void> | void;
  /** @internal */
  [supervisedAs]: Child | undefined;

  /** @internal */
  constructor(name: string, run: (context: ActorContext) => Promise<void> | void) {
    checkName("create task", name);
    check(`create task "${name}"`, "run", run, "function", "a function");
    this.name = name;
    this.run = run;
  }
}
