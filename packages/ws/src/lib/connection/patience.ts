import type { CallOptions } from "@sup/core";

/** Why there is no connection. */
export interface Outage {
  readonly why: string;
  readonly cause?: Error;
}

/**
 * Settles as `call` does; where the call's own `timeout` ends it, the `TimeoutError` says what it waited for, which the
 * mailbox cannot know.
 */
export function explained(
  call: Promise<void>,
  action: string,
  { signal, timeout }: CallOptions,
  outage: () => Outage | undefined,
): Promise<void> {
  const outcome = call.catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    if (!isLate || error === signal?.reason) throw error;
    const { why, cause } = outage() ?? {};
    const missing = why === undefined ? "not sent" : "no connection";
    const message = `Cannot ${action}: ${missing} within ${timeout} ms (${why ?? "the peer reads too slowly"})`;
    throw new DOMException(message, { name: "TimeoutError", cause });
  });
  // As of every call, the result may be ignored.
  outcome.catch(() => {});
  return outcome;
}
