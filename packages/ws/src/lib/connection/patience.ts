import type { CallOptions } from "@sup/core";

/** What a message waits for, for senders who waited in vain. */
export interface Wait {
  /** As in "no connection", to go before "within 500 ms". */
  readonly missing: string;
  /** Why that is so, where it is known. */
  readonly why?: string;
  readonly cause?: Error;
}

/**
 * Settles as `call` does; where the call's own `timeout` ends it, the `TimeoutError` says what it waited for, which the
 * mailbox cannot know.
 */
export function explained<Value>(
  call: Promise<Value>,
  action: string,
  { signal, timeout }: CallOptions,
  wait: () => Wait,
): Promise<Value> {
  const outcome = call.catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    if (!isLate || error === signal?.reason) throw error;
    const { missing, why, cause } = wait();
    const message = `Cannot ${action}: ${missing} within ${timeout} ms${why === undefined ? "" : ` (${why})`}`;
    throw new DOMException(message, { name: "TimeoutError", cause });
  });
  // As of every call, the result may be ignored.
  outcome.catch(() => {});
  return outcome;
}
