/** Whether a value must be awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Whether `thrown` says no more than that `signal` was aborted. */
export function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  return (
    signal.aborted &&
    (thrown === signal.reason || (thrown as Error | undefined)?.name === "AbortError")
  );
}
