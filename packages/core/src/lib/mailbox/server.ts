import { ActorCrashedError, toError } from "../errors.ts";
import { check } from "../options.ts";
import { isAbort, isThenable } from "../outcome.ts";
import type { Mailbox } from "./mailbox.ts";
import { type ReceiveOptions, Receiver } from "./receiver.ts";

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

/** Who is told that the serving is over: with the error that made it so, or without. */
export interface ServerOwner {
  served(crash: Error | undefined): void;
}

/** The receiver behind `serve`: one handler per message, one at a time, awaiting only what is a promise. */
export class Server extends Receiver {
  readonly #handlers: Record<string, unknown>;
  readonly #options: ServeOptions;
  readonly #owner: ServerOwner;
  /** The handler of the last message: most often the next message has the same type. */
  #handler: AnyHandler | undefined;
  #handles: string | undefined;

  constructor(
    mailbox: Mailbox<never>,
    receive: ReceiveOptions,
    handlers: object,
    options: ServeOptions,
    owner: ServerOwner,
  ) {
    const prototype: unknown = Object.getPrototypeOf(handlers);
    // A plain object's prototype has none itself. Methods of a class are no handlers, and would all be unknown.
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    const rule = "an object that has methods of its own, not those of a class";
    const isFit = isPlain || Object.values(handlers).some((value) => typeof value === "function");
    check("serve", "handlers", handlers, "object", rule, isFit);
    super(mailbox, receive);
    this.#handlers = handlers as Record<string, unknown>;
    this.#options = options;
    this.#owner = owner;
    mailbox.enlist(this);
  }

  // One message at a time is in hand, from the begin of its handler to the end: there is nothing else to keep track of.
  letGo(): void {}

  settled(): void {}

  protected work(): boolean {
    const { type, envelope } = this;
    let result: unknown;
    try {
      if (type !== this.#handles) this.#select(type);
      const handler = this.#handler;
      if (handler === undefined) return this.#refuse();
      result = handler.call(this.#handlers, this.payload, envelope ?? this);
      if (isThenable(result)) return this.#await(result);
    } catch (thrown) {
      return this.#failed(thrown);
    }
    if (envelope !== undefined) envelope.reply(result);
    this.busy = false;
    return true;
  }

  protected finish(crash: Error | undefined): void {
    this.#owner.served(crash);
  }

  #select(type: string): void {
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    this.#handler = typeof handler === "function" ? (handler as AnyHandler) : undefined;
    this.#handles = type;
  }

  #await(result: PromiseLike<unknown>): boolean {
    Promise.resolve(result).then(
      (value) => {
        if (this.ended) return;
        this.envelope?.reply(value);
        this.busy = false;
        this.proceed();
      },
      (thrown) => {
        if (!this.ended && this.#failed(thrown)) this.proceed();
      },
    );
    return false;
  }

  /** There is no such handler; the actor lives on. */
  #refuse(): boolean {
    this.busy = false;
    const error = new TypeError(`Cannot handle "${this.type}": there is no handler of that name`);
    this.undelivered(this.message, error);
    this.envelope?.fail(error);
    return true;
  }

  /** Whether the actor lives on. */
  #failed(thrown: unknown): boolean {
    const { envelope, type } = this;
    // Who heeds the signal fails when the life must end. The message stays in hand: the end of the life decides on it.
    if (this.ending && isAbort(thrown, this.signal)) {
      this.end();
      return false;
    }
    this.busy = false;
    // Who handles a call with its signal fails when the caller gives up: that is no fault of the actor.
    if (envelope?.alive === false && isAbort(thrown, envelope.signal)) return true;
    const error = toError(thrown, `Handler "${type}" failed`);
    const { message } = this;
    envelope?.fail(error);
    if (!this.#mustCrash(error)) {
      if (envelope === undefined) this.mailbox.failed(`handler "${type}"`, error);
      return true;
    }
    const reason = new ActorCrashedError(`Handler "${type}" crashed its actor`, { cause: error });
    this.undelivered(message, reason);
    this.end(error);
    return false;
  }

  #mustCrash(error: Error): boolean {
    try {
      return this.#options.isFatal?.(error) !== false;
    } catch {
      return true;
    }
  }
}
