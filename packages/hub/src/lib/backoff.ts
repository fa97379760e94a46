import type { BackoffOptions } from "@sup/core";
import { checkNumber, checkTimer } from "./check.ts";

/** How the delay before the next attempt grows, in milliseconds: what `@sup/core` takes for restarts. */
export type RetryDelay = Omit<BackoffOptions, "resetAfter">;

/** A `RetryDelay` with everything filled in. */
export type Backoff = { readonly [Name in keyof RetryDelay]-?: number };

/** The backoff that a `delay` stands for; a number is a delay that does not grow, and that chance does not touch. */
export function toBackoff(action: string, delay: unknown): Backoff {
  if (typeof delay !== "object" || delay === null) {
    checkTimer(action, "delay", delay, 0);
    return { initial: delay as number, max: delay as number, factor: 1, jitter: 0 };
  }
  const { initial, factor = 2, jitter = 0.1, ...rest } = delay as RetryDelay;
  checkTimer(action, "delay.initial", initial, 0);
  const { max = initial * 32 } = rest;
  checkTimer(action, "delay.max", max, initial);
  checkNumber(action, "delay.factor", factor, 1);
  checkNumber(action, "delay.jitter", jitter, 0, 1);
  return { initial, max, factor, jitter };
}

/** The delay after that many failures; `random` from 0 to 1 decides the jitter. */
export function delayAfter(failures: number, backoff: Backoff, random: number): number {
  const { initial, max, factor, jitter } = backoff;
  const delay = Math.min(initial * factor ** (failures - 1), max);
  return Math.min(delay * (1 + jitter * (random * 2 - 1)), max);
}
