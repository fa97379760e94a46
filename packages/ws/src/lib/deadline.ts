/**
 * Calls `expire` when `milliseconds` have passed, but after what has arrived by then: when the event loop was blocked,
 * timers come before the data that waited just as long. `false` milliseconds never pass.
 *
 * @returns a function that calls it off
 */
export function startDeadline(milliseconds: number | false, expire: () => void): () => void {
  if (milliseconds === false) return () => {};
  let arrivals: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    arrivals = setImmediate(expire);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(arrivals);
  };
}

/**
 * Does something that must be done within `milliseconds`. The signal that `act` is given aborts when they have passed, with
 * `lateness()`, or when the outer one does; `act` must then reject with its reason.
 */
export async function withinDeadline<Value>(
  milliseconds: number | false,
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

/** The outcome of `promise`, unless `signal` aborts before: then its reason. */
export function unlessAborted<Value>(
  promise: PromiseLike<Value> | Value,
  signal: AbortSignal,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}
