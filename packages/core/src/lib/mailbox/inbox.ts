// `AsyncDisposable` is in no `lib` that a target brings: who compiles against this has it all the same.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Envelope } from "./envelope.ts";
import type { Message } from "./message.ts";
import { Receiver } from "./receiver.ts";

type Result = IteratorResult<never, undefined>;

const over: Result = { value: undefined, done: true };

/** @internal The receiver behind `receive`: an iterator whose message is in hand until the next one is asked for. */
export class Inbox extends Receiver implements AsyncIterableIterator<never, undefined> {
  #tell: ((result: Result) => void) | undefined;
  #answer: Promise<Result> | undefined;
  /** Calls that were in hand before, and are to be answered later. */
  readonly #deferred: Set<Envelope> = new Set();

  next(): Promise<Result> {
    if (this.#tell !== undefined) return this.#answer!.then(() => this.next());
    this.letGo();
    if (this.ended) return Promise.resolve(over);
    this.#answer = new Promise((resolve) => (this.#tell = resolve));
    this.proceed();
    return this.#answer;
  }

  /** Ends the receiving; the message in hand stays so until its life ends or receives anew. */
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

  /** The message in hand is done with, as far as its life is concerned; a call may be answered later. */
  letGo(): void {
    if (!this.busy) return;
    this.busy = false;
    if (this.envelope?.pending === true) this.#deferred.add(this.envelope);
    this.envelope = undefined;
    if (this.ended) this.rest();
  }

  override get holding(): boolean {
    const isOpen = super.holding && this.envelope?.stage !== "answered";
    return isOpen || this.#deferred.size > 0;
  }

  settled(envelope: Envelope): void {
    this.#deferred.delete(envelope);
    if (this.ended) this.rest();
  }

  override abort(): void {
    super.abort();
    for (const envelope of this.#deferred) envelope.abort(this.signal.reason);
  }

  protected work(): boolean {
    this.envelope = this.message;
    this.envelope.holder = this;
    this.#resolve({ value: this.envelope as never, done: false });
    return false;
  }

  protected finish(): void {
    this.#resolve(over);
  }

  protected override drop(crash: Error | undefined): void {
    super.drop(crash);
    for (const envelope of this.#deferred) this.lose(envelope, crash);
    this.#deferred.clear();
  }

  #resolve(result: Result): void {
    this.#tell?.(result);
    this.#tell = undefined;
  }
}

/** What `receive` returns. */
export type MessageIterator<Protocol> = AsyncIterableIterator<Message<Protocol>, undefined> &
  AsyncDisposable;
