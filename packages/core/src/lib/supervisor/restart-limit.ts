import { check, checkInteger, checkNumber } from "../options.ts";
import { type Backoff, delayOf } from "./backoff.ts";

/** How many restarts are too many. */
export interface RestartLimit {
  /** Restarts that are allowed within the window. */
  readonly maxRestarts: number;
  /** Length of the window in milliseconds. */
  readonly window: number;
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

/** The restarts of one child, or of a group that restarts together. */
export class RestartHistory {
  /** Of the delay before the next life. */
  timer: ReturnType<typeof setTimeout> | undefined;
  #times: number[] = [];
  #attempt = 0;
  #lifeStart = -Infinity;

  /** Counts a restart that is asked for at `now`; returns how many there were within the window. */
  count(window: number, now: number): number {
    this.#times = this.#times.filter((time) => now - time <= window);
    return this.#times.push(now);
  }

  /** The delay before the restart that is asked for at `now`. */
  nextDelay(backoff: Backoff, now: number, random: number): number {
    if (now - this.#lifeStart >= backoff.resetAfter) this.#attempt = 0;
    const delay = delayOf(backoff, this.#attempt++, random);
    this.#lifeStart = now + delay;
    return delay;
  }
}
