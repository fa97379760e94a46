import { longestDelay } from "../options.ts";

/**
 * Calls a function when some time has passed, but after what has arrived by then: when the event loop was held up, timers
 * come before the data that waited just as long, and an answer that is here would be declared missing.
 *
 * @example
 * ```ts
 * const silence = new Deadline(30_000, () => socket.destroy(new Error("nothing came for 30 s")));
 * socket.on("data", () => silence.postpone());
 * socket.on("close", () => silence.cancel());
 * ```
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #expire: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isCancelled = false;
  #postponedAt: number | undefined;

  /** @param milliseconds - more than a timer of JavaScript keeps count as the most it does; `false` never pass. */
  constructor(milliseconds: number | false, expire: () => void) {
    this.#milliseconds = milliseconds === false ? 0 : Math.min(milliseconds, longestDelay);
    this.#expire = expire;
    if (milliseconds !== false) this.#wait(this.#milliseconds);
  }

  /** Lets the time begin anew, from now on. It may be called for all that comes: no timer is set for that. */
  postpone(): void {
    this.#postponedAt = performance.now();
  }

  /** Nothing is called any more. */
  cancel(): void {
    this.#isCancelled = true;
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => afterInput(() => this.#look()), milliseconds);
  }

  #look(): void {
    if (this.#isCancelled) return;
    const left = this.#left();
    if (left <= 0) return this.#expire();
    this.#postponedAt = undefined;
    this.#wait(Math.max(left, 1));
  }

  /** A timer may be early by a part of a millisecond, so that only one that was postponed asks the clock. */
  #left(): number {
    if (this.#postponedAt === undefined) return 0;
    return this.#postponedAt + this.#milliseconds - performance.now();
  }
}

/**
 * Does something that must be done within `milliseconds`. The signal that `act` is given aborts when they have passed, with
 * `lateness()`, or when `signal` does, with its reason; `act` must then free what it holds and reject with that.
 *
 * @example
 * ```ts
 * const lateness = () => new Error("Cannot connect to the meter: no connection within 5000 ms");
 * const socket = await withinDeadline(5_000, context.signal, lateness, (attempt) => connect(attempt));
 * ```
 */
export async function withinDeadline<Value>(
  milliseconds: number | false,
  signal: AbortSignal,
  lateness: () => Error,
  act: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const scope = new AbortController();
  const onAbort = () => scope.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const deadline = new Deadline(milliseconds, () => scope.abort(lateness()));
  try {
    return await act(scope.signal);
  } finally {
    deadline.cancel();
    signal.removeEventListener("abort", onAbort);
  }
}

/** Where a platform has no turn after its input, there is one after the timers that are due. */
function afterInput(task: () => void): void {
  const { setImmediate = setTimeout } = globalThis as {
    setImmediate?: (task: () => void) => unknown;
  };
  setImmediate(task);
}
