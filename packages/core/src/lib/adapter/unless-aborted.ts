/**
 * The outcome of `promise`, unless `signal` aborts before: then its reason. For what cannot be told to stop, such as a
 * function of the user.
 *
 * @param discard - is given a value that comes too late, to free what it holds.
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
