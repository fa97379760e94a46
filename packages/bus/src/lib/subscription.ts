import type { Inlet } from "./broadcast.ts";
import { Buffer } from "./buffer.ts";

/** The values of a provider from one moment on: what `subscribe` returns. */
export interface Subscription<V> extends AsyncIterableIterator<V, undefined>, AsyncDisposable {
  /** Values that were lost, the oldest first, because they were not taken in time. */
  readonly dropped: number;
  /** The oldest value that was not taken, or the next one that comes. */
  next(): Promise<IteratorResult<V, undefined>>;
  /** Ends the subscription at once; values that were not taken are gone. */
  return(): Promise<IteratorResult<V, undefined>>;
  [Symbol.asyncIterator](): this;
}

const over: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** A subscription that keeps the newest values until they are taken. */
export class BufferedSubscription<V> implements Subscription<V>, Inlet {
  readonly #buffer: Buffer<V>;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: ((result: IteratorResult<V, undefined>) => void)[] = [];
  /** `ending`: what is buffered is still to be taken. */
  #state: "open" | "ending" | "over" = "open";
  #seen = -1;
  #leave: (() => void) | undefined = undefined;

  constructor(capacity: number, signal: AbortSignal | undefined) {
    this.#buffer = new Buffer(capacity);
    this.#signal = signal;
    if (signal?.aborted === true) this.#state = "over";
  }

  /** Begins to take values; `join` puts it where they come from. */
  open(join: (inlet: Inlet) => () => void): void {
    if (this.#state !== "open") return;
    this.#leave = join(this);
    this.#signal?.addEventListener("abort", this);
  }

  get dropped(): number {
    return this.#buffer.dropped;
  }

  next(): Promise<IteratorResult<V, undefined>> {
    if (this.#buffer.length > 0) {
      return Promise.resolve({ value: this.#buffer.shift(), done: false });
    }
    if (this.#state !== "open") return Promise.resolve(over);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<V, undefined>> {
    this.#finish("over");
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  push(value: unknown, version: number): void {
    if (this.#state !== "open" || version === this.#seen) return;
    this.#seen = version;
    this.take(value as V);
  }

  end(): void {
    this.#finish("ending");
  }

  /** The abort of its signal. */
  handleEvent(): void {
    this.#finish("over");
  }

  protected take(value: V): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#buffer.push(value);
    else waiting({ value, done: false });
  }

  #finish(state: "ending" | "over"): void {
    if (this.#state === "over") return;
    this.#state = state;
    this.#leave?.();
    this.#signal?.removeEventListener("abort", this);
    if (state === "over") this.#buffer.clear();
    for (const waiting of this.#waiting.splice(0)) waiting(over);
  }
}

/** A subscription without values: changes that come while nobody looks make one notification. */
export class Notifications extends BufferedSubscription<void> {
  constructor(signal: AbortSignal | undefined) {
    super(1, signal);
  }

  protected override take(): void {
    super.take(undefined);
  }
}
