// `AsyncDisposable` is in no `lib` that a target brings: who compiles against this has it all the same.
/// <reference lib="esnext.disposable" preserve="true" />
import { Backlog } from "./backlog.ts";
import { Check } from "./check.ts";

/** Options of `Feed.read`, and of the method of an adapter that hands it on. */
export interface FeedReadOptions {
  /** Ends the iterator when it aborts, with what was not read by then. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Items that are held for who reads them later, 1 or more; what becomes of those past it says the feed.
   * @defaultValue 256
   */
  readonly buffer?: number | undefined;
}

/** The items of a feed from the creation of the iterator on. */
export interface FeedIterator<Item>
  extends AsyncIterableIterator<Item, undefined>, AsyncDisposable {
  /** Items that were not read in time, and are lost to this iterator. */
  readonly dropped: number;
}

/**
 * Gives what comes in to any number of readers, over all lives of an actor. Each reader gets every item from its beginning
 * on, and ends when the actor has stopped for good, after what came by then; one that is not read to its end must be ended
 * by `break`, `return` or its signal.
 *
 * How a reader that is slow is treated is for the feed to say: with `"drop-oldest"` it keeps the newest items, as many as its
 * `buffer` says, and counts the others as `dropped`; with `"wait"` it gets all, and who publishes waits for `room`.
 *
 * @example
 * ```ts
 * class Meter implements Actor {
 *   readonly name = "meter";
 *   readonly #feed = new Feed<number>('read the values of "meter"');
 *
 *   values(options?: FeedReadOptions): FeedIterator<number> {
 *     return this.#feed.read(options);
 *   }
 *
 *   async run({ signal }: ActorContext): Promise<void> {
 *     this.#feed.open();
 *     for await (const value of measure(signal)) this.#feed.publish(value);
 *   }
 *
 *   onStopped(): void {
 *     this.#feed.end();
 *   }
 * }
 * ```
 */
export class Feed<Item> {
  readonly #check: Check;
  readonly #overflow: "drop-oldest" | "wait";
  /** No set: to ask one for an iterator costs as much as all else that is done for an item. */
  #readers: readonly FeedReader<Item>[] = [];
  #isOver = false;
  #roomMade: PromiseWithResolvers<void> | undefined;

  /** @param action - what cannot be done with options that make no sense, as in `read the values of "meter"`. */
  constructor(action: string, overflow: "drop-oldest" | "wait" = "drop-oldest") {
    this.#check = new Check(action);
    this.#overflow = overflow;
  }

  /** Whether nobody reads, and an item need not even be made. */
  get isEmpty(): boolean {
    return this.#readers.length === 0;
  }

  /**
   * Of a feed that waits: `undefined` while no reader holds as many items as its `buffer` says; a promise that resolves when
   * there is room again once one does. What is published before that is not lost, and takes memory.
   */
  get room(): Promise<void> | undefined {
    return this.#isFull ? (this.#roomMade ??= Promise.withResolvers()).promise : undefined;
  }

  /** To be called at the beginning of each life: who begins to read after `end` has nothing to wait for, until this. */
  open(): void {
    this.#isOver = false;
  }

  /**
   * Gives an item to each reader; where there is none it is gone.
   * @returns false when a reader holds as many items as its `buffer` says.
   */
  publish(item: Item): boolean {
    let hasRoom = true;
    for (const reader of this.#readers) if (!reader.push(item)) hasRoom = false;
    return hasRoom;
  }

  /**
   * A reader of its own: each gets every item from here on.
   * @throws TypeError or RangeError that names the option and the rule.
   */
  read(options: FeedReadOptions = {}): FeedIterator<Item> {
    const check = this.#check;
    check.object("options", options);
    const { signal, buffer = 256, ...rest } = options;
    check.signal(signal);
    check.integer("buffer", buffer, 1);
    check.nothingElse(rest);
    const limit = this.#overflow === "wait" ? Infinity : buffer;
    const reader: FeedReader<Item> = new FeedReader(
      buffer,
      limit,
      signal,
      () => this.#tellRoom(),
      () => {
        this.#readers = this.#readers.filter((other) => other !== reader);
        signal?.removeEventListener("abort", onAbort);
        this.#tellRoom();
      },
    );
    const onAbort = () => reader.end();
    this.#readers = [...this.#readers, reader];
    signal?.addEventListener("abort", onAbort);
    if (this.#isOver || signal?.aborted === true) reader.end();
    return reader;
  }

  /** To be called when the actor has stopped for good: readers end, each when it has read what it holds. */
  end(): void {
    const readers = this.#readers;
    this.#isOver = true;
    this.#readers = [];
    for (const reader of readers) reader.finish();
  }

  get #isFull(): boolean {
    return this.#readers.some((reader) => !reader.hasRoom);
  }

  #tellRoom(): void {
    if (this.#roomMade === undefined || this.#isFull) return;
    this.#roomMade.resolve();
    this.#roomMade = undefined;
  }
}

type Result<Item> = IteratorResult<Item, undefined>;

/** One reader, and what it has not come to yet. */
class FeedReader<Item> implements FeedIterator<Item> {
  dropped = 0;
  readonly #buffer: number;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onEmpty: () => void;
  readonly #onEnd: () => void;
  readonly #held: Backlog<Item> = new Backlog();
  readonly #waiting: ((result: Result<Item>) => void)[] = [];
  #isOver = false;

  constructor(
    buffer: number,
    limit: number,
    signal: AbortSignal | undefined,
    onEmpty: () => void,
    onEnd: () => void,
  ) {
    this.#buffer = buffer;
    this.#limit = limit;
    this.#signal = signal;
    this.#onEmpty = onEmpty;
    this.#onEnd = onEnd;
  }

  get hasRoom(): boolean {
    return this.#held.length < this.#buffer;
  }

  /** @returns whether there is room for more. */
  push(item: Item): boolean {
    if (this.#waiting.length > 0) {
      this.#waiting.shift()!({ value: item, done: false });
      return true;
    }
    this.#held.push(item);
    if (this.#held.length > this.#limit) {
      this.#held.shift();
      this.dropped += 1;
    }
    return this.hasRoom;
  }

  /** Nothing more comes; what is held can still be read. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    for (const waiting of this.#waiting.splice(0)) waiting(over);
  }

  /** Nobody reads any more. */
  end(): void {
    this.#held.clear();
    this.finish();
  }

  next(): Promise<Result<Item>> {
    // When nothing more comes nobody listens to it, so that it keeps no reader that was forgotten.
    if (this.#isOver && this.#signal?.aborted === true) this.#held.clear();
    if (this.#held.length > 0) return Promise.resolve({ value: this.#take(), done: false });
    if (this.#isOver) return Promise.resolve(over);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<Result<Item>> {
    this.end();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }

  #take(): Item {
    const item = this.#held.shift();
    if (this.#held.length === 0) this.#onEmpty();
    return item;
  }
}

const over: Result<never> = { value: undefined, done: true };
