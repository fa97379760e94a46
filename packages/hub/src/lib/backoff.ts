import type { BackoffOptions } from "@sup/core";
import type { Check } from "@sup/core/adapter";

/** How the delay before the next attempt grows, in milliseconds: what `@sup/core` takes for restarts. */
export type RetryDelay = Omit<BackoffOptions, "resetAfter">;

/** A `RetryDelay` with everything filled in. */
export type Backoff = { readonly [Name in keyof RetryDelay]-?: number };

/** The backoff that a `delay` stands for; a number is a delay that does not grow, and that chance does not touch. */
export function toBackoff(check: Check, delay: unknown): Backoff {
  if (typeof delay !== "object" || delay === null) {
    check.delay("delay", delay);
    return { initial: delay as number, max: delay as number, factor: 1, jitter: 0 };
  }
  const { initial, factor = 2, jitter = 0.1, ...rest } = delay as RetryDelay;
  check.delay("delay.initial", initial);
  const { max = Math.min(initial * 32, longestDelay) } = rest;
  check.delay("delay.max", max, initial);
  check.number("delay.factor", factor, 1);
  check.number("delay.jitter", jitter, 0, 1);
  return { initial, max, factor, jitter };
}

/** The delay after that many failures; `random` from 0 to 1 decides the jitter. */
export function delayAfter(failures: number, backoff: Backoff, random: number): number {
  const { initial, max, factor, jitter } = backoff;
  // A power that is infinite would make a delay of 0 none at all.
  const delay = Math.min(initial * Math.min(factor ** (failures - 1), Number.MAX_VALUE), max);
  return Math.min(delay * (1 + jitter * (random * 2 - 1)), max);
}

/** What a timer of JavaScript keeps at most. */
const longestDelay = 2_147_483_647;
