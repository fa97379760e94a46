import { Check } from "@sup/core/adapter";
import { type Backoff, delayAfter, type RetryDelay, toBackoff } from "./backoff.ts";
import { RetryError } from "./errors.ts";

export type { RetryDelay } from "./backoff.ts";

/** Options of `retry`. */
export interface RetryOptions {
  /**
   * Milliseconds between two attempts, or a backoff.
   * @defaultValue 0
   */
  readonly delay?: number | RetryDelay | undefined;
  /** Ends the retry at once when it aborts: it rejects with the signal's reason, whatever the attempt does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether an error is worth another attempt.
   * @defaultValue every error is
   */
  readonly retryIf?: ((error: unknown) => boolean) | undefined;
}

/** What one attempt is given beside its routee. */
export interface RetryContext {
  /** Counts from 1. */
  readonly attempt: number;
  /** The signal of the retry's options; without one, a signal that never aborts. */
  readonly signal: AbortSignal;
}

/** The options of a retry with everything filled in. */
export interface RetryRules {
  readonly limit: number;
  readonly backoff: Backoff;
  readonly signal: AbortSignal | undefined;
  readonly retryIf: (error: unknown) => boolean;
}

/** @throws {TypeError | RangeError} when the limit or an option makes no sense */
export function toRetryRules(limit: number, options: RetryOptions): RetryRules {
  check.integer("limit", limit, 1);
  check.object("options", options);
  const { delay = 0, signal, retryIf = () => true, ...rest } = options;
  check.functions({ retryIf });
  check.signal(signal);
  check.nothingElse(rest);
  return { limit, backoff: toBackoff(check, delay), signal, retryIf };
}

const check: Check = new Check("retry");

/** Makes attempts, one after the other, until one succeeds or the rules end it. */
export async function retry<Result>(
  { limit, backoff, signal, retryIf }: RetryRules,
  attempt: (context: RetryContext) => Promise<Result>,
): Promise<Result> {
  const errors: unknown[] = [];
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await orAborted(attempt(new Attempt(errors.length + 1, signal)), signal);
    } catch (error) {
      signal?.throwIfAborted();
      errors.push(error);
      if (errors.length === limit || !retryIf(error)) throw new RetryError(errors, limit);
    }
    await pause(delayAfter(errors.length, backoff, Math.random()), signal);
  }
}

class Attempt implements RetryContext {
  readonly attempt: number;
  #signal: AbortSignal | undefined;

  constructor(attempt: number, signal: AbortSignal | undefined) {
    this.attempt = attempt;
    this.#signal = signal;
  }

  // Made when somebody asks for it: making one costs more than all the rest of an attempt.
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }
}

/** Rejects as soon as `signal` aborts; what becomes of `promise` then is nobody's concern. */
async function orAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  // An attempt may have aborted it itself before it returned.
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function pause(delay: number, signal: AbortSignal | undefined): Promise<void> {
  if (delay === 0) return;
  const elapsed = Promise.withResolvers<void>();
  const timer = setTimeout(elapsed.resolve, delay);
  try {
    await orAborted(elapsed.promise, signal);
  } finally {
    clearTimeout(timer);
  }
}
