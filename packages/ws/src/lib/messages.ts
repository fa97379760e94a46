import { checkInteger, checkObject, checkSignal } from "./check.ts";
import type { WebSocketMessage } from "./data.ts";
import type { Lifetime } from "./lifetime.ts";
import { Newest } from "./newest.ts";

/** Options of `WebSocketActor.messages`. */
export interface WebSocketMessagesOptions {
  /** Ends the iterator when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Messages that are kept for who reads them later, the newest ones.
   * @defaultValue 256
   */
  readonly buffer?: number | undefined;
}

/** The messages of an actor from the creation of the iterator on, over its lives. */
export interface WebSocketMessages
  extends AsyncIterableIterator<WebSocketMessage, undefined>, AsyncDisposable {
  /** Messages that were not read in time, and are lost to this iterator. */
  readonly dropped: number;
}

/** Who reads the messages of an actor. */
export class Audience {
  readonly #iterators = new Set<MessageIterator>();
  readonly #lifetime: Lifetime;

  constructor(lifetime: Lifetime) {
    this.#lifetime = lifetime;
  }

  /** Whether nobody reads. */
  get isEmpty(): boolean {
    return this.#iterators.size === 0;
  }

  publish(message: WebSocketMessage): void {
    for (const iterator of this.#iterators) iterator.push(message);
  }

  /** @throws TypeError or RangeError that names the option and the rule. */
  admit(action: string, options: WebSocketMessagesOptions): WebSocketMessages {
    checkObject(action, "options", options);
    const { signal, buffer = 256 } = options;
    checkSignal(action, signal);
    checkInteger(action, "buffer", buffer, 1, 2 ** 32 - 1);
    const iterator = new MessageIterator(buffer, () => {
      this.#iterators.delete(iterator);
      signal?.removeEventListener("abort", onAbort);
      callOff();
    });
    const onAbort = () => iterator.end();
    const callOff = this.#lifetime.whenOver(() => iterator.finish());
    this.#iterators.add(iterator);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) iterator.end();
    return iterator;
  }
}

type Result = IteratorResult<WebSocketMessage, undefined>;

class MessageIterator implements WebSocketMessages {
  dropped = 0;
  readonly #kept: Newest<WebSocketMessage>;
  readonly #leave: () => void;
  readonly #waiting: ((result: Result) => void)[] = [];
  #isOver = false;

  constructor(buffer: number, leave: () => void) {
    this.#kept = new Newest(buffer);
    this.#leave = leave;
  }

  push(message: WebSocketMessage): void {
    const reader = this.#waiting.shift();
    if (reader !== undefined) reader({ value: message, done: false });
    else if (this.#kept.push(message)) this.dropped += 1;
  }

  /** No more messages come; those that are kept can still be read. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    for (const reader of this.#waiting.splice(0)) reader(over);
  }

  /** Nobody reads any more. */
  end(): void {
    this.#kept.clear();
    this.finish();
  }

  next(): Promise<Result> {
    if (this.#kept.length > 0) return Promise.resolve({ value: this.#kept.shift(), done: false });
    if (this.#isOver) return Promise.resolve(over);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<Result> {
    this.end();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }
}

const over: Result = { value: undefined, done: true };
