import { ActorCrashedError, toError } from "../errors.ts";
import { isAbort, isThenable } from "../outcome.ts";
import type { Mailbox } from "./mailbox.ts";
import { type ReceiveOptions, Receiver } from "./receiver.ts";
import { Envelope } from "./envelope.ts";

type AnyHandler = (payload: unknown, context: object) => unknown;

/** Options of `serve`. */
export interface ServeOptions {
  /**
   * Whether an error thrown by a handler crashes the actor. An error for which this returns `false` only rejects the
   * call that caused it.
   * @defaultValue every error is fatal
   */
  readonly isFatal?: ((error: Error) => boolean) | undefined;
}

/** The receiver behind `serve`: one handler per message, one at a time, awaiting only what is a promise. */
export class Server extends Receiver {
  readonly #handlers: Record<string, unknown>;
  readonly #isFatal: (error: Error) => boolean;
  readonly #end: PromiseWithResolvers<void> = Promise.withResolvers();
  #crash: Error | undefined;
  /** The handler of the last message: most often the next message has the same type. */
  #handler: AnyHandler | undefined;
  #handles = "";
  #onDone: ((value: unknown) => void) | undefined;
  #onFailed: ((thrown: unknown) => void) | undefined;

  constructor(
    mailbox: Mailbox<never>,
    receive: ReceiveOptions,
    handlers: object,
    { isFatal = () => true }: ServeOptions,
  ) {
    super(mailbox, receive);
    this.#handlers = handlers as Record<string, unknown>;
    this.#isFatal = isFatal;
    mailbox.join(this);
  }

  /** Settles when the serving is over. */
  get done(): Promise<void> {
    return this.#end.promise;
  }

  // One message at a time is in hand, from the begin of its handler to the end: there is nothing else to keep track of.
  letGo(): void {}

  settled(): void {}

  protected work(): boolean {
    const { type, envelope } = this;
    if (type !== this.#handles) this.#select(type);
    const handler = this.#handler;
    if (handler === undefined) return this.#refuse();
    let result: unknown;
    try {
      result = handler.call(this.#handlers, this.payload, envelope ?? this);
      if (isThenable(result)) return this.#await(result);
    } catch (thrown) {
      return this.#failed(thrown);
    }
    if (envelope !== undefined) envelope.reply(result);
    return true;
  }

  protected finish(): void {
    if (this.#crash === undefined) this.#end.resolve();
    else this.#end.reject(this.#crash);
  }

  #select(type: string): void {
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    this.#handler = typeof handler === "function" ? (handler as AnyHandler) : undefined;
    this.#handles = type;
  }

  #await(result: PromiseLike<unknown>): boolean {
    this.busy = true;
    this.#onDone ??= (value) => {
      this.busy = false;
      this.envelope?.reply(value);
      this.proceed();
    };
    this.#onFailed ??= (thrown) => {
      this.busy = false;
      if (!this.ended && this.#failed(thrown)) this.proceed();
    };
    Promise.resolve(result).then(this.#onDone, this.#onFailed);
    return false;
  }

  /** There is no such handler; the actor lives on. */
  #refuse(): boolean {
    const error = new TypeError(`Cannot handle "${this.type}": there is no handler of that name`);
    this.mailbox.undelivered(this.#message, error);
    this.envelope?.fail(error);
    return true;
  }

  /** Whether the actor lives on. */
  #failed(thrown: unknown): boolean {
    const { envelope, type } = this;
    // Who handles a call with its signal fails when the caller gives up: that is no fault of the actor.
    if (envelope?.stage === "gone" && isAbort(thrown, envelope.signal)) return true;
    if (this.ending && isAbort(thrown, this.signal)) {
      this.lose(this.#message, undefined);
      return true;
    }
    const error = toError(thrown, `Handler "${type}" failed`);
    const message = this.#message;
    envelope?.fail(error);
    if (!this.#mustCrash(error)) {
      if (envelope === undefined) this.mailbox.failed(`handler "${type}"`, error);
      return true;
    }
    this.#crash = error;
    const reason = new ActorCrashedError(`Handler "${type}" crashed its actor`, { cause: error });
    this.mailbox.undelivered(message, reason);
    this.end();
    return false;
  }

  #mustCrash(error: Error): boolean {
    try {
      return this.#isFatal(error) !== false;
    } catch {
      return true;
    }
  }

  get #message(): Envelope {
    return this.envelope ?? new Envelope("cast", this.type, this.payload, "taken");
  }
}
