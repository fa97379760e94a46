import { check, checkInteger, checkNumber } from "../options.ts";
import { type Backoff, delayOf } from "./backoff.ts";

/** How many restarts are too many. */
export interface RestartLimit {
  /** Restarts that are allowed within the window. */
  readonly maxRestarts: number;
  /** Length of the window in milliseconds. */
  readonly window: number;
}

/** How much of a restart limit is used up. */
export interface RestartBudget {
  /** Restarts within the window; one more than are allowed when the supervisor gave up. */
  readonly used: number;
  /** Restarts that are allowed within the window. */
  readonly maxRestarts: number;
  /** Length of the window in milliseconds. */
  readonly window: number;
  /** When the oldest of those restarts leaves the window, in epoch milliseconds. */
  readonly freesAt?: number;
}

/**
 * What `history` used up of `limit`.
 *
 * @internal
 */
export function budgetOf(
  limit: RestartLimit | undefined,
  history: RestartHistory | undefined,
): RestartBudget | undefined {
  if (limit === undefined) return undefined;
  const { maxRestarts, window } = limit;
  const times = history?.within(window, performance.now()) ?? [];
  const budget = { used: times.length, maxRestarts, window };
  return times.length === 0
    ? budget
    : { ...budget, freesAt: Math.round(history!.epoch + times[0]! + window) };
}

/** Refuses a limit that makes no sense, or that restarts by `backoff` are too slow to ever reach. */
export function checkRestartLimit(action: string, limit: RestartLimit, backoff: Backoff): void {
  const { maxRestarts, window } = limit;
  checkInteger(action, "restartLimit.maxRestarts", maxRestarts);
  checkNumber(action, "restartLimit.window", window, 1);
  // A life of `resetAfter` ms in between makes the next delay the first one again.
  const anew = backoff.resetAfter + delayOf(backoff, 0, 0);
  const leastDelay = (attempt: number): number => Math.min(delayOf(backoff, attempt, 0), anew);
  // Delays do not shrink: what comes after the first thousand takes at least as long each.
  const counted = Math.min(maxRestarts, 1_000);
  let least = leastDelay(counted) * (maxRestarts - counted);
  for (let attempt = 0; attempt < counted; attempt++) least += leastDelay(attempt);
  const rule = `at least ${least} for ${maxRestarts} restarts with their delays`;
  check(action, "restartLimit.window", window, "number", rule, least <= window);
}

/** @internal The restarts of one child, or of a group that restarts together. */
export class RestartHistory {
  /** Of the delay before the next life. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** What makes epoch milliseconds of the times here, by the clocks as they were at the last restart. */
  epoch = 0;
  #times: number[] = [];
  #attempt = 0;
  #lifeStart = -Infinity;

  /** Counts a restart that is asked for at `now`; returns how many there were within the window. */
  count(window: number, now: number): number {
    this.#times = this.within(window, now);
    return this.#times.push(now);
  }

  /** The delay before the restart that is asked for at `now`. */
  nextDelay(backoff: Backoff, now: number, random: number): number {
    if (now - this.#lifeStart >= backoff.resetAfter) this.#attempt = 0;
    const delay = delayOf(backoff, this.#attempt++, random);
    this.#lifeStart = now + delay;
    return delay;
  }

  /** When the next life begins, or the last one was to begin, in epoch milliseconds. */
  get restartsAt(): number {
    return Math.round(this.epoch + this.#lifeStart);
  }

  /** The restarts within the window that ends at `now`. */
  within(window: number, now: number): number[] {
    return this.#times.filter((time) => now - time <= window);
  }
}
