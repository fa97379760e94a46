/** The outcome of `promise`, or an error that says what did not come about within `limit` ms. */
export async function within<Value>(
  limit: number,
  what: string,
  promise: PromiseLike<Value>,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not come about within ${limit} ms`)),
      limit,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again until `problem` finds none; fails with what it found last when that takes longer than `limit` ms. */
export async function eventually(
  limit: number,
  problem: () => Promise<string | undefined> | string | undefined,
): Promise<void> {
  const deadline = performance.now() + limit;
  for (let found = await problem(); found !== undefined; found = await problem()) {
    if (performance.now() > deadline) throw new Error(`${found}, still after ${limit} ms`);
    await turns(1);
  }
}

/** Lets the event loop turn `count` times, input and output included. */
export async function turns(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise((resolve) => setTimeout(resolve, 1));
}

export function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}
