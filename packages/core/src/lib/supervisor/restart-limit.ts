import { checkInteger, checkNumber } from "../options.ts";
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
  checkInteger(action, "restartLimit.maxRestarts", maxRestarts, 0);
  checkNumber(action, "restartLimit.window", window, Number.MIN_VALUE);
  let least = 0;
  for (let attempt = 0; attempt < maxRestarts && least <= window; attempt++) {
    least += delayOf(backoff, attempt, 0);
    // A delay that has reached its cap stays there: the rest is a multiplication.
    if (backoff.factor === 1 || backoff.initial * backoff.factor ** attempt >= backoff.max) {
      least += delayOf(backoff, attempt, 0) * (maxRestarts - attempt - 1);
      break;
    }
  }
  if (least > window) {
    throw new RangeError(
      `${action}: \`restartLimit\` of ${maxRestarts} restarts in ${window} ms can never be reached, ` +
        `as the delays before them take at least ${Math.round(least)} ms`,
    );
  }
}

/** The restarts of one child, or of a group that restarts together. */
export class RestartHistory {
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
