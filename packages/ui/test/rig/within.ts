/**
 * The outcome of `promise`; fails when that takes as many milliseconds. They are counted in turns of the event loop, as a busy
 * machine may hold up this process, with server and client in it.
 */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  for (let turn = 0; !isSettled; turn++) {
    if (turn === milliseconds) throw new Error(`Cannot go on: not so within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return promise;
}
