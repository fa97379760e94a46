/** Whether a value must be awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** What was thrown, as an `Error`: itself where it is one, of whichever realm, else wrapped as `cause`. */
export function toError(thrown: unknown, doing: string): Error {
  let text = "a value without text";
  try {
    if (isError(thrown)) return thrown;
    text = String(thrown);
  } catch {
    // A proxy that was revoked, or something that cannot be made a text.
  }
  return new Error(`${doing}: ${text}`, { cause: thrown });
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Whether `thrown` says no more than that `signal` was aborted. */
export function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  return (
    signal.aborted &&
    (thrown === signal.reason || (thrown as Error | undefined)?.name === "AbortError")
  );
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Resolves after `delay` ms, or when `signal` aborts. */
export function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, delay);
    signal.addEventListener("abort", end);
  });
}
