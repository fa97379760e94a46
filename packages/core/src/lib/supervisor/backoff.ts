import { checkDelay, checkNothingElse, checkNumber, longestDelay } from "../options.ts";

/** How the delay before a restart grows from one crash to the next; all times in milliseconds. */
export interface BackoffOptions {
  /** The first delay. */
  readonly initial: number;
  /**
   * The longest delay, jitter included.
   * @defaultValue 32 times `initial`
   */
  readonly max?: number | undefined;
  /**
   * What each delay is multiplied by for the next.
   * @defaultValue 2
   */
  readonly factor?: number | undefined;
  /**
   * The share of the delay by which chance makes it shorter or longer, 0 to 1.
   * @defaultValue 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * Milliseconds that a life must last for the delays to begin anew.
   * @defaultValue equal to `max`
   */
  readonly resetAfter?: number | undefined;
}

/** A backoff with everything filled in. */
export type Backoff = { readonly [Name in keyof BackoffOptions]-?: number };

/** The backoff that a `restartDelay` stands for: a number is a delay that does not grow. */
export function toBackoff(action: string, delay: number | BackoffOptions): Backoff {
  const isFixed = typeof delay !== "object" || delay === null;
  const given = isFixed ? { initial: delay, factor: 1, max: delay * 1.1 } : delay;
  const {
    initial,
    factor = 2,
    jitter = 0.1,
    max = initial * 32,
    resetAfter = max,
    ...rest
  }: BackoffOptions = given;
  checkNothingElse(action, rest, "restartDelay.");
  checkDelay(action, isFixed ? "restartDelay" : "restartDelay.initial", initial);
  checkNumber(action, "restartDelay.max", max, initial);
  checkNumber(action, "restartDelay.factor", factor, 1);
  checkNumber(action, "restartDelay.jitter", jitter, 0, 1);
  checkNumber(action, "restartDelay.resetAfter", resetAfter, 0);
  return { initial, max: Math.min(max, longestDelay), factor, jitter, resetAfter };
}

/** The delay of the restart number `attempt` (from 0); `random` from 0 to 1 decides the jitter. */
export function delayOf(backoff: Backoff, attempt: number, random: number): number {
  const { initial, max, factor, jitter } = backoff;
  // A power that is infinite would make a delay of 0 none at all.
  const delay = Math.min(initial * Math.min(factor ** attempt, Number.MAX_VALUE), max);
  return Math.min(delay * (1 + jitter * (random * 2 - 1)), max);
}
