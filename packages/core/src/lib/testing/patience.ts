/** The most that counts of the time between two turns of the event loop: for the rest the process was held up. */
const longestTurn = 2;

// Taken when the module loads: what a test waits for hangs in real time, also under its fake clock.
const { clearInterval, setInterval } = globalThis;
const now = performance.now.bind(performance);

/**
 * Measures milliseconds as the event loop lives through them. While a busy machine holds the process up hardly any pass, so
 * that only what an adapter itself waits for is found to be late.
 */
export class Stopwatch implements Disposable {
  #passed = 0;
  #lastTurn: number = now();
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param onTurn - is called every millisecond or so, with what has passed. */
  constructor(onTurn: (passed: number) => void = () => {}) {
    this.#timer = setInterval(() => onTurn(this.read()), 1);
  }

  read(): number {
    const turn = now();
    this.#passed += Math.min(turn - this.#lastTurn, longestTurn);
    this.#lastTurn = turn;
    return this.#passed;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The outcome of `promise`, or an error that says what did not come about within `limit` ms of a stopwatch. */
export async function within<Value>(
  limit: number,
  what: string,
  promise: PromiseLike<Value>,
): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const watch = new Stopwatch((passed) => {
    if (passed >= limit) reject(new Error(`${what} did not come about within ${limit} ms`));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    watch[Symbol.dispose]();
  }
}

/** Asks again until `problem` finds none; fails with what it found last when that takes longer than `limit` ms, and many looks. */
export async function eventually(
  limit: number,
  problem: () => Promise<string | undefined> | string | undefined,
): Promise<void> {
  const deadline = performance.now() + limit;
  const enough = limit / 10;
  for (let looks = 1; ; looks++) {
    const found = await problem();
    if (found === undefined) return;
    if (performance.now() > deadline && looks > enough)
      throw new Error(`${found}, still after ${limit} ms`);
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
