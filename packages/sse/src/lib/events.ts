import { Mailbox, type MailboxStatus } from "@sup/core";
import { checkInteger, checkSignal } from "./check.ts";
import type { SseEvent } from "./stream/event-stream.ts";

/** Options of `SseActor.events`. */
export interface SseEventsOptions {
  /** Ends the iterator when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Events that are kept for who reads them later, the newest ones.
   * @defaultValue 256
   */
  readonly buffer?: number | undefined;
}

/** The events of an actor from the creation of the iterator on, over its lives. */
export interface SseEvents extends AsyncIterableIterator<SseEvent, undefined>, AsyncDisposable {
  /** Events that were not read in time, and are lost to this iterator. */
  readonly dropped: number;
}

interface Presence {
  until(): void;
}

/** Who reads the events of an actor. */
export class Audience {
  readonly #iterators: Set<EventIterator> = new Set();
  /** A room without a receiver: what knocks there waits, and is turned away when the actor is stopped for good. */
  readonly #door: Mailbox<Presence> = new Mailbox<Presence>({ capacity: 0 });

  /** For the actor to have as its own, so that its supervisor says when it is stopped for good. */
  get mailbox(): MailboxStatus {
    return this.#door;
  }

  publish(event: SseEvent): void {
    // To ask a set for an iterator costs as much as all else that is done for an event.
    if (this.#iterators.size === 0) return;
    for (const iterator of this.#iterators) iterator.push(event);
  }

  /** @throws TypeError or RangeError that names the option and the rule. */
  admit(action: string, { signal, buffer = 256 }: SseEventsOptions): SseEvents {
    checkSignal(action, signal);
    checkInteger(action, "buffer", buffer, 1, 2 ** 32 - 1);
    const presence = new AbortController();
    const iterator = new EventIterator(buffer, () => {
      this.#iterators.delete(iterator);
      signal?.removeEventListener("abort", onAbort);
      presence.abort();
    });
    const onAbort = () => iterator.end();
    this.#iterators.add(iterator);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) iterator.end();
    this.#door
      .cast("until", undefined, { signal: presence.signal })
      ?.catch(() => iterator.finish());
    return iterator;
  }
}

type Result = IteratorResult<SseEvent, undefined>;

class EventIterator implements SseEvents {
  dropped = 0;
  readonly #buffer: number;
  readonly #leave: () => void;
  readonly #kept: (SseEvent | undefined)[] = [];
  #first = 0;
  #count = 0;
  #isOver = false;
  readonly #waiting: ((result: Result) => void)[] = [];

  constructor(buffer: number, leave: () => void) {
    this.#buffer = buffer;
    this.#leave = leave;
  }

  push(event: SseEvent): void {
    const reader = this.#waiting.shift();
    if (reader !== undefined) return reader({ value: event, done: false });
    this.#kept[(this.#first + this.#count) % this.#buffer] = event;
    if (this.#count < this.#buffer) {
      this.#count++;
      return;
    }
    this.#first = (this.#first + 1) % this.#buffer;
    this.dropped++;
  }

  /** No more events come; those that are kept can still be read. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    for (const reader of this.#waiting.splice(0)) reader(over);
  }

  /** Nobody reads any more. */
  end(): void {
    this.#kept.length = this.#count = 0;
    this.finish();
  }

  next(): Promise<Result> {
    if (this.#count > 0) return Promise.resolve({ value: this.#take(), done: false });
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

  #take(): SseEvent {
    const event = this.#kept[this.#first]!;
    this.#kept[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#buffer;
    this.#count--;
    return event;
  }
}

const over: Result = { value: undefined, done: true };
