/**
 * The outcome of `promise`, unless `signal` aborts before: then its reason. A value that comes too late is given to
 * `discard`.
 */
export function unlessAborted<Value>(
  promise: PromiseLike<Value> | Value,
  signal: AbortSignal,
  discard: (value: Value) => void = () => {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    const settle = () => signal.removeEventListener("abort", onAbort);
    Promise.resolve(promise).then(
      (value) => {
        settle();
        if (signal.aborted) discard(value);
        else resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

/** Resolves after that many milliseconds; rejects with the signal's reason when it aborts before. */
export function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  return unlessAborted(over, signal).finally(() => clearTimeout(timer));
}

/**
 * Does something that must be done within `milliseconds`. The signal that `act` is given aborts when they have passed, with
 * `lateness()`, or when the outer one does; `act` must then reject with its reason.
 */
export async function withinDeadline<Value>(
  milliseconds: number,
  outer: AbortSignal,
  lateness: () => Error,
  act: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const scope = new AbortController();
  const onAbort = () => scope.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener("abort", onAbort);
  const callOff = startDeadline(milliseconds, () => scope.abort(lateness()));
  try {
    return await act(scope.signal);
  } finally {
    callOff();
    outer.removeEventListener("abort", onAbort);
  }
}

/**
 * Calls `expire` when `milliseconds` have passed, but after what has arrived by then: when the event loop was blocked,
 * timers come before the data that waited just as long.
 */
function startDeadline(milliseconds: number, expire: () => void): () => void {
  let arrivals: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    arrivals = setImmediate(expire);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(arrivals);
  };
}
