import { ActorCrashedError, ActorStoppedError } from "../errors.ts";
import { Envelope } from "./envelope.ts";
import type { Message } from "./message.ts";
import { Receiver } from "./receiver.ts";
import { mustYield, schedule } from "./turn.ts";

type Result = IteratorResult<never, undefined>;

const over: Result = { value: undefined, done: true };

/** The receiver behind `receive`: an iterator whose message is in hand until the next one is asked for. */
export class Inbox extends Receiver implements AsyncIterableIterator<never, undefined> {
  #asked: ((result: Result) => void) | undefined = undefined;
  #answer: Promise<Result> | undefined = undefined;
  /** Calls that were in hand before, and are to be answered later. */
  #deferred: Set<Envelope> | undefined = undefined;

  next(): Promise<Result> {
    if (this.#asked !== undefined) return this.#answer!.then(() => this.next());
    this.letGo();
    if (this.ending && !this.handed) this.end();
    if (this.ended) return Promise.resolve(over);
    const mustWait = mustYield();
    if (!mustWait && this.take()) return Promise.resolve(this.#message());
    this.#answer = new Promise((resolve) => (this.#asked = resolve));
    if (mustWait) schedule(this);
    else this.mailbox.wait(this);
    return this.#answer;
  }

  /** Ends the receiving; the message in hand stays so until its life ends or receives anew. */
  return(): Promise<Result> {
    this.end();
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  proceed(): void {
    if (this.ended) return;
    if (this.ending && !this.handed) return this.end();
    if (mustYield()) return schedule(this);
    if (!this.take()) return this.mailbox.wait(this);
    this.#tell(this.#message());
  }

  /** The message in hand is done with, as far as its life is concerned; a call may be answered later. */
  letGo(): void {
    const { envelope } = this;
    if (this.handed || envelope === undefined) return;
    this.envelope = undefined;
    if (envelope.open) (this.#deferred ??= new Set()).add(envelope);
    if (this.ended) this.rest();
  }

  get holding(): boolean {
    return this.handed || this.envelope !== undefined || (this.#deferred?.size ?? 0) > 0;
  }

  settled(envelope: Envelope): void {
    if (this.#deferred?.delete(envelope) === true && this.ended) this.rest();
  }

  override abort(): void {
    super.abort();
    for (const envelope of this.#deferred ?? []) envelope.abort(this.signal.reason);
  }

  protected finish(): void {
    this.#tell(over);
  }

  protected drop(crash: Error | undefined): void {
    const current = this.handed && this.envelope === undefined ? this.#wrap() : this.envelope;
    this.handed = false;
    this.envelope = undefined;
    if (current !== undefined) this.#lose(current, crash);
    for (const envelope of this.#deferred ?? []) this.#lose(envelope, crash);
    this.#deferred = undefined;
  }

  #lose(envelope: Envelope, crash: Error | undefined): void {
    const { type } = envelope;
    if (envelope.stage === "answered") return;
    if (crash === undefined) {
      envelope.lose(new ActorStoppedError(`The actor ended without a reply to "${type}"`));
      return;
    }
    const reason = new ActorCrashedError(`The actor crashed with "${type}" in hand`, {
      cause: crash,
    });
    this.mailbox.undelivered(envelope, reason);
    envelope.lose(reason);
  }

  #message(): Result {
    return { value: (this.envelope ??= this.#wrap()) as never, done: false };
  }

  #wrap(): Envelope {
    const envelope = new Envelope("cast", this.type, this.payload, "taken");
    envelope.holder = this;
    return envelope;
  }

  #tell(result: Result): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.(result);
  }
}

/** What `receive` returns. */
export type MessageIterator<Protocol> = AsyncIterableIterator<Message<Protocol>, undefined> &
  AsyncDisposable;
