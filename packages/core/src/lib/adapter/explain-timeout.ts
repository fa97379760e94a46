import type { CallOptions } from "../mailbox/message.ts";

/** What a message waits for, for senders who waited in vain. */
export interface Wait {
  /** As in "no connection", to go before "within 500 ms". */
  readonly missing: string;
  /** Why that is so, where it is known. */
  readonly why?: string | undefined;
  /** The error behind it. */
  readonly cause?: Error | undefined;
}

/**
 * Settles as `call` does; where the call's own `timeout` ends it, the `TimeoutError` says what it waited for, which the
 * mailbox cannot know. As of every call, the result may be ignored.
 *
 * @param action - as in "read register 3", to go after "Cannot".
 * @param options - those that the call was made with.
 * @param wait - is asked when the time is over.
 * @throws nothing; the promise rejects with a `TimeoutError` as said, or as that of `call` does
 *
 * @example
 * ```ts
 * const answer = mailbox.call("ask", question, { timeout: 500 });
 * // Cannot ask "meter": no connection within 500 ms (connect ECONNREFUSED 192.168.1.7:5025)
 * await explainTimeout(answer, 'ask "meter"', { timeout: 500 }, () => ({
 *   missing: "no connection",
 *   why: lastError.message,
 *   cause: lastError,
 * }));
 * ```
 */
export function explainTimeout<Value>(
  call: Promise<Value>,
  action: string,
  { signal, timeout }: CallOptions,
  wait: () => Wait,
): Promise<Value> {
  const outcome = call.catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    if (!isLate || error === signal?.reason) throw error;
    const { missing, why, cause } = wait();
    const because = why === undefined ? "" : ` (${why})`;
    const message = `Cannot ${action}: ${missing} within ${timeout} ms${because}`;
    throw new DOMException(message, { name: "TimeoutError", cause });
  });
  outcome.catch(() => {});
  return outcome;
}
