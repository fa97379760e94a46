import { ActorCrashedError, ActorStoppedError, toError } from "../errors.ts";
import { isAbort, isThenable } from "../outcome.ts";
import { Envelope } from "./envelope.ts";
import type { Mailbox } from "./mailbox.ts";
import { type ReceiveOptions, Receiver } from "./receiver.ts";
import { mustYield, schedule } from "./turn.ts";

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
  /** Settles when the serving is over. */
  readonly done: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  readonly #handlers: Record<string, unknown>;
  readonly #options: ServeOptions;
  #type = "";
  #handler: AnyHandler | undefined = undefined;
  #busy = false;
  #crash: Error | undefined = undefined;
  #onDone: ((value: unknown) => void) | undefined = undefined;
  #onFailed: ((thrown: unknown) => void) | undefined = undefined;

  constructor(
    mailbox: Mailbox<never>,
    receive: ReceiveOptions,
    handlers: object,
    options: ServeOptions,
  ) {
    super(mailbox, receive);
    this.#handlers = handlers as Record<string, unknown>;
    this.#options = options;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (this.ending) this.end();
    else if (mailbox.busy) schedule(this);
    else mailbox.wait(this);
  }

  proceed(): void {
    for (;;) {
      if (this.ending && !this.handed) return this.end();
      if (mustYield()) return schedule(this);
      if (!this.take()) return this.mailbox.wait(this);
      if (!this.#handle()) return;
    }
  }

  /** Whether the next message may follow at once. */
  #handle(): boolean {
    const { type, envelope } = this;
    if (type !== this.#type) this.#select(type);
    const handler = this.#handler;
    if (handler === undefined) return this.#unknown();
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

  #select(type: string): void {
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    this.#handler = typeof handler === "function" ? (handler as AnyHandler) : undefined;
    this.#type = type;
  }

  #await(result: PromiseLike<unknown>): boolean {
    this.#busy = true;
    this.#onDone ??= (value) => {
      this.#busy = false;
      this.envelope?.reply(value);
      this.proceed();
    };
    this.#onFailed ??= (thrown) => {
      this.#busy = false;
      if (this.ended) return;
      if (this.#failed(thrown)) this.proceed();
    };
    Promise.resolve(result).then(this.#onDone, this.#onFailed);
    return false;
  }

  #unknown(): boolean {
    const error = new TypeError(`Cannot handle "${this.type}": there is no handler of that name`);
    this.#undelivered(error);
    this.envelope?.fail(error);
    return true;
  }

  /** Whether the actor lives on. */
  #failed(thrown: unknown): boolean {
    const { envelope, type } = this;
    if (this.ending && isAbort(thrown, this.signal)) {
      envelope?.lose(new ActorStoppedError(`Cannot finish "${type}": the actor was stopped`));
      return true;
    }
    // Who handles a call with its signal fails when the caller gives up: that is no fault of the actor.
    if (envelope?.stage === "gone" && isAbort(thrown, envelope.signal)) return true;
    const error = toError(thrown, `Handler "${type}" failed`);
    if (!this.#isFatal(error)) {
      if (envelope === undefined) this.mailbox.failed(`handler "${type}"`, error);
      else envelope.fail(error);
      return true;
    }
    this.#crash = error;
    this.#undelivered(
      new ActorCrashedError(`Handler "${type}" crashed the actor`, { cause: error }),
    );
    envelope?.fail(error);
    this.end();
    return false;
  }

  #isFatal(error: Error): boolean {
    try {
      return this.#options.isFatal?.(error) !== false;
    } catch {
      return true;
    }
  }

  #undelivered(reason: Error): void {
    this.mailbox.undelivered(
      this.envelope ?? new Envelope("cast", this.type, this.payload, "gone"),
      reason,
    );
  }

  get holding(): boolean {
    return this.#busy || this.handed;
  }

  // One message at a time is in hand, from its handler's begin to its end: there is nothing to keep track of.
  letGo(): void {}

  settled(): void {}

  protected finish(): void {
    if (this.#crash === undefined) this.#resolve();
    else this.#reject(this.#crash);
  }

  protected drop(crash: Error | undefined): void {
    if (!this.holding) return;
    this.#busy = this.handed = false;
    if (crash !== undefined) {
      const reason = new ActorCrashedError(`The actor crashed with "${this.type}" in hand`, {
        cause: crash,
      });
      this.#undelivered(reason);
      this.envelope?.lose(reason);
    } else {
      this.envelope?.lose(
        new ActorStoppedError(`The actor ended without a reply to "${this.type}"`),
      );
    }
  }
}
