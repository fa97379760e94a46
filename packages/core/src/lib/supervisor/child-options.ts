import { checkChoice, checkNothingElse, checkTimeout } from "../options.ts";
import { type Backoff, type BackoffOptions, toBackoff } from "./backoff.ts";
import { checkRestartLimit, type RestartLimit } from "./restart-limit.ts";

/**
 * When an actor is started again: `permanent` after any end, `transient` after a crash only, `temporary` never.
 */
export type RestartPolicy = "permanent" | "transient" | "temporary";

/** What one child may have of its own; what is left out is as its supervisor says. */
export interface ChildOptions {
  /**
   * When the actor is started again.
   * @defaultValue that of the supervisor
   */
  readonly policy?: RestartPolicy | undefined;
  /**
   * Milliseconds before a restart, or a backoff.
   * @defaultValue that of the supervisor
   */
  readonly restartDelay?: number | BackoffOptions | undefined;
  /**
   * More restarts within the window end the supervisor with a `RestartLimitError`.
   * @defaultValue that of the supervisor
   */
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
export interface ResolvedChildOptions {
  /** When the actor is started again. */
  readonly policy: RestartPolicy;
  /** A delay that was given as a number is a backoff that does not grow. */
  readonly restartDelay: Backoff;
  /** How often it may be started again; `undefined`: as often as it crashes. */
  readonly restartLimit: RestartLimit | undefined;
  /** Milliseconds, or `Infinity`. */
  readonly shutdownTimeout: number;
  /** Whether `autoShutdown` looks at it. */
  readonly significant: boolean;
}

const policies = ["permanent", "transient", "temporary"];
const defaults = { policy: "transient", restartDelay: 1_000, shutdownTimeout: 5_000 } as const;

/** `options` with what they leave out as in `base`. */
export function resolveChildOptions(
  action: string,
  options: ChildOptions,
  base: ChildOptions = defaults,
): ResolvedChildOptions {
  const {
    policy = base.policy!,
    restartDelay: delay = base.restartDelay!,
    restartLimit = base.restartLimit,
    shutdownTimeout = base.shutdownTimeout!,
    significant = false,
    ...rest
  } = options;
  checkNothingElse(action, rest);
  checkChoice(action, "policy", policy, policies);
  checkTimeout(action, "shutdownTimeout", shutdownTimeout);
  const restartDelay = toBackoff(action, delay);
  if (restartLimit !== undefined) checkRestartLimit(action, restartLimit, restartDelay);
  return { policy, restartDelay, restartLimit, shutdownTimeout, significant };
}
