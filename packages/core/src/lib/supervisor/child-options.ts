import { checkChoice, checkTimeout } from "../options.ts";
import { type Backoff, type BackoffOptions, toBackoff } from "./backoff.ts";
import { checkRestartLimit, type RestartLimit } from "./restart-limit.ts";

/**
 * When an actor is started again: `permanent` after any end, `transient` after a crash only, `temporary` never.
 */
export type RestartPolicy = "permanent" | "transient" | "temporary";

/** What one child may have of its own; what is left out is as its supervisor says. */
export interface ChildOptions {
  readonly policy?: RestartPolicy | undefined;
  /** Milliseconds before a restart, or a backoff. */
  readonly restartDelay?: number | BackoffOptions | undefined;
  readonly restartLimit?: RestartLimit | undefined;
  /**
   * Milliseconds that the child has to end after its signal aborted; past them it is left behind. `Infinity` waits.
   * @defaultValue the actor's own, else the supervisor's; a nested supervisor's own is `Infinity`
   */
  readonly shutdownTimeout?: number | undefined;
  /**
   * Whether `autoShutdown` of `"any-significant"` or `"all-significant"` looks at this child.
   * @defaultValue `false`
   */
  readonly significant?: boolean | undefined;
}

/** Options of one child with everything filled in. */
export interface ChildRules {
  readonly policy: RestartPolicy;
  readonly backoff: Backoff;
  readonly limit: RestartLimit | undefined;
  readonly shutdownTimeout: number;
  readonly significant: boolean;
}

const policies = ["permanent", "transient", "temporary"];

/** The rules that `options` make of `base`. */
export function toChildRules(action: string, options: ChildOptions, base?: ChildRules): ChildRules {
  const {
    policy = base?.policy ?? "transient",
    restartDelay = base === undefined ? 1_000 : undefined,
    restartLimit: limit = base?.limit,
    shutdownTimeout = base?.shutdownTimeout ?? 5_000,
    significant = false,
  } = options;
  checkChoice(action, "policy", policy, policies);
  checkTimeout(action, "shutdownTimeout", shutdownTimeout);
  const backoff = restartDelay === undefined ? base!.backoff : toBackoff(action, restartDelay);
  if (limit !== undefined) checkRestartLimit(action, limit, backoff);
  return { policy, backoff, limit, shutdownTimeout, significant };
}
