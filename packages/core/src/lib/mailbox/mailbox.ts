import { ActorStoppedError, MailboxClosedError, MailboxFullError } from "../errors.ts";
import { type AnyMessage, tell } from "../observer/observer.ts";
import { check, checkFunction, checkInteger, checkTimeout } from "../options.ts";
import type { Child } from "../supervisor/child.ts";
import { type Life, underway } from "../supervisor/life.ts";
import { Envelope, refusal } from "./envelope.ts";
import { Inbox, type MessageIterator } from "./inbox.ts";
import type {
  CallOptions,
  Handlers,
  Message,
  MessageType,
  Reply,
  SendOptions,
  SendParameters,
} from "./message.ts";
import { Line } from "../line.ts";
import type { ReceiveOptions, Receiver } from "./receiver.ts";
import { Ring } from "./ring.ts";
import { Server, type ServeOptions } from "./server.ts";
import { schedule } from "./turn.ts";
import { subscribeFresh, watch } from "./withdrawal.ts";

/** Options of a mailbox. */
export interface MailboxOptions<Protocol> {
  /**
   * Messages that may be queued; a sender waits for room past it. With 0 a send completes when a receiver takes it.
   * @defaultValue 1,000
   */
  readonly capacity?: number | undefined;
  /**
   * Told of each accepted message that will never be handled, with the error that says why: its mailbox was closed
   * (`MailboxClosedError`) or its actor stopped for good (`ActorStoppedError`) with it queued, the life that held it
   * crashed (`ActorCrashedError`), or its type has no handler (`TypeError`).
   */
  readonly onUndelivered?: ((message: Message<Protocol>, reason: Error) => void) | undefined;
}

/** What supervisors and dashboards read of a mailbox. */
export interface MailboxStatus {
  /** Messages that are queued now. */
  readonly length: number;
  /** Messages that may be queued. */
  readonly capacity: number;
  /** Whether `close()` was called. */
  readonly closed: boolean;
  /** Messages that were handed to receivers so far. */
  readonly handled: number;
  /**
   * When the oldest queued message was accepted, in epoch milliseconds; `undefined` when none is queued. With a capacity
   * of 0 it is the one whose sender has waited longest.
   */
  readonly oldestAt: number | undefined;
}

const defaults = {};
const settled = Promise.resolve();

/**
 * A bounded queue of typed messages, in the order in which they were accepted.
 *
 * `Protocol` is an interface whose methods are the messages: the parameter is the payload, the result is the reply.
 *
 * @example
 * ```ts
 * interface CounterProtocol {
 *   increment(by: number): void;
 *   get(): number;
 * }
 * const mailbox = new Mailbox<CounterProtocol>({ capacity: 10 });
 * await mailbox.cast("increment", 2);
 * ```
 */
export class Mailbox<Protocol extends object> implements MailboxStatus {
  readonly capacity: number;
  /** @internal What was handed to receivers and did not come out of the queue, less what came out and was not. */
  aside = 0;
  /** @internal Receivers that have not ended. */
  receivers = 0;
  #queue: Ring | undefined;
  #senders: Ring | undefined;
  readonly #idle: Line<Receiver> = new Line();
  #state: "open" | "stopped" | "closed" = "open";
  #owner: Child | undefined;
  #owners = 0;
  #onUndelivered: MailboxOptions<Protocol>["onUndelivered"];

  /** @throws {TypeError | RangeError} when an option makes no sense */
  constructor(options: MailboxOptions<Protocol> = defaults) {
    check("create mailbox", "options", options, "object", "an object");
    const { capacity = 1_000, onUndelivered } = options;
    checkInteger("create mailbox", "capacity", capacity);
    checkFunction("create mailbox", "onUndelivered", onUndelivered);
    this.capacity = capacity;
    this.#onUndelivered = onUndelivered;
  }

  /** Messages that are queued now; never more than `capacity`. */
  get length(): number {
    subscribeFresh();
    return this.#queue?.length ?? 0;
  }

  /** Messages that were handed to receivers so far. */
  get handled(): number {
    return (this.#queue?.taken ?? 0) + this.aside;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /**
   * When the oldest queued message was accepted, in epoch milliseconds; `undefined` when none is queued. With a capacity
   * of 0 it is the one whose sender has waited longest.
   *
   * It was accepted then or before, as not every message is worth a look at the clock. The time is exact where messages
   * come while the actor is at work on one and takes no other; of a queue that is being worked off it is a bound:
   * where that goes steadily, the message is at most about twice as old.
   */
  get oldestAt(): number | undefined {
    subscribeFresh();
    return this.#queue?.oldestAt ?? this.#senders?.oldestAt;
  }

  /**
   * Sends a message without a reply.
   * @returns `undefined` when it was accepted at once, else a promise that resolves when it was; it may be ignored, also
   * when it rejects: with `MailboxClosedError`, with `ActorStoppedError`, or with the reason of the signal or timeout.
   * @throws {TypeError | RangeError} when `type` is no string or the options make no sense
   */
  cast<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<void> | undefined;
  cast(type: string, payload?: unknown, options?: SendOptions): Promise<void> | undefined {
    if (isExpired("cast", type, options)) return refusal(options.signal.reason);
    if (this.#accept(type, payload)) return undefined;
    if (this.#state !== "open") return refusal(this.#refusal("cast", type));
    return this.#send(new Envelope("cast", type, payload, "waiting"), options) as Promise<void>;
  }

  /**
   * Sends a message without a reply, if there is room now.
   * @returns whether it was accepted
   * @throws {MailboxClosedError} when the mailbox is closed
   * @throws {ActorStoppedError} when its actor is stopped for good
   * @throws the signal's reason when it is aborted
   */
  tryCast<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): boolean;
  tryCast(type: string, payload?: unknown, options?: SendOptions): boolean {
    if (isExpired("cast", type, options)) throw options.signal.reason;
    if (this.#accept(type, payload)) return true;
    if (this.#state !== "open") throw this.#refusal("cast", type);
    return false;
  }

  /**
   * Sends a message and waits for its reply, and before that for room.
   * @returns the reply. The promise rejects with the handler's error; with `ActorCrashedError` or `ActorStoppedError`
   * when the life that took the call crashed or ended without a reply; with `ActorStoppedError` when the actor is
   * stopped for good; with `MailboxClosedError`; or with the reason of the signal or timeout.
   * @throws {TypeError | RangeError} when `type` is no string or the options make no sense
   */
  call<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<Reply<Protocol, Type>>;
  call(type: string, payload?: unknown, options?: CallOptions): Promise<unknown> {
    return this.#call(type, payload, options, true);
  }

  /**
   * Sends a message and waits for its reply, if there is room now.
   * @returns the reply; rejects as `call` does, and with `MailboxFullError` when there is no room
   */
  tryCall<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<Reply<Protocol, Type>>;
  tryCall(type: string, payload?: unknown, options?: CallOptions): Promise<unknown> {
    return this.#call(type, payload, options, false);
  }

  /**
   * The messages, one after the other, until the signal aborts or the mailbox is closed and empty. A message is in hand
   * until the next one is asked for; a call may be answered later.
   * @param options a signal, or the context of the life that receives
   */
  receive(options: ReceiveOptions = {}): MessageIterator<Protocol> {
    return new Inbox(this as never, options);
  }

  /**
   * Runs a handler for each message, one at a time, until the signal aborts or the mailbox is closed and empty. Handlers
   * are the own methods of `handlers`.
   * @param options a signal, or the context of the life that receives
   * @returns resolves when the serving is over; rejects with the error of a handler for which `isFatal` does not return
   * `false`
   */
  serve(
    options: ReceiveOptions,
    handlers: Handlers<Protocol>,
    serveOptions: ServeOptions = {},
  ): Promise<void> {
    check("serve", "handlers", handlers, "object", "an object");
    checkFunction("serve", "isFatal", serveOptions.isFatal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const served = (crash?: Error): void => (crash === undefined ? resolve() : reject(crash));
    new Server(this as never, options, handlers, serveOptions, { served });
    return promise;
  }

  /** @internal As `serve`, for an actor that does nothing else: its life is told, and keeps no promise for it. */
  serveLife(life: Life, handlers: object, serveOptions: ServeOptions): Promise<void> {
    new Server(this as never, life, handlers, serveOptions, life);
    return underway;
  }

  /**
   * Refuses messages from now on. Those that are queued can still be received, then `receive` and `serve` end. Where
   * nobody receives a microtask later, they are undelivered, and their callers are told. Closing twice changes nothing.
   */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#refuseSenders();
    while (this.#idle.first !== undefined) this.#wake();
    // Who closes it and then receives what is left does so in the same breath.
    void settled.then(() => this.#close(this.#owner));
  }

  /** @internal What is queued has to wait. */
  mark(): void {
    this.#queue?.mark();
  }

  /** @internal Whether there is a message to take. */
  hasMessages(): boolean {
    return this.#queue?.first() !== undefined || this.#senders?.first() !== undefined;
  }

  /** @internal Takes the first message for `receiver`; false when there is none. */
  take(receiver: Receiver): boolean {
    const queue = this.#queue;
    const what = queue?.first();
    if (what === undefined) return this.#takeFromSender(receiver);
    const payload = queue!.shift();
    if (typeof what === "string") receiver.give(what, payload);
    else hand(receiver, what);
    if (this.#senders?.filled) this.#admit();
    return true;
  }

  /** @internal The life that receives here unless it says who it is: that of the actor whose own mailbox this is. */
  get ownersLife(): Life | undefined {
    const owner = this.#owner;
    return this.#owners === 1 && owner?.actor.mailbox === this ? owner.life : undefined;
  }

  /** @internal Whose messages these are, for those who read an error. */
  get whose(): string {
    return this.#owner === undefined ? "" : ` of "${this.#owner.actor.name}"`;
  }

  /** @internal A receiver begins; `isPool`: it may be of a life that is not known yet. */
  enter(isPool: boolean): void {
    this.receivers++;
    if (isPool && this.#state === "stopped") this.#state = "open";
  }

  /** @internal A new server begins. */
  enlist(receiver: Receiver): void {
    if (receiver.ending) receiver.end();
    else if (this.hasMessages()) schedule(receiver);
    else this.idle(receiver);
  }

  /** @internal Nothing to do for `receiver` until a message comes. */
  idle(receiver: Receiver): void {
    if (this.#state === "closed") return receiver.end();
    this.#idle.add(receiver);
  }

  /** @internal `receiver` has ended. */
  leave(receiver: Receiver): void {
    this.receivers--;
    if (this.#state === "closed") this.#close(receiver.life?.owner);
    // The one that ended may have been woken for a message that another one can take.
    else if (this.hasMessages() && !this.#wake()) this.mark();
  }

  /** @internal A sender gave up on a message that was waiting for room, or queued. */
  withdrawn(waiting: boolean): void {
    if (waiting) {
      this.#senders?.died();
    } else {
      this.#queue?.died();
      if (this.#senders !== undefined) this.#admit();
    }
  }

  /** @internal `child` receives from here; its messages are refused when the last such child is stopped for good. */
  attach(child: Child): void {
    this.#owner = child;
    if (this.#owners++ === 0 && this.#state === "stopped") this.#state = "open";
  }

  /** @internal `child` is stopped for good. */
  detach(): void {
    // Receivers that are left belong to a pool, and to lives that are not known yet.
    if (--this.#owners > 0 || this.receivers > 0) return;
    if (this.#state === "open") this.#state = "stopped";
    this.#refuseSenders();
    this.#flush();
  }

  /** @internal Hands a message that will never be handled to those who want to know. */
  undelivered(message: Envelope, reason: Error, owner: Child | undefined = this.#owner): void {
    const seen = message as unknown as Message<Protocol> & AnyMessage;
    if (this.#onUndelivered !== undefined) {
      tell(
        () => this.#onUndelivered?.(seen, reason),
        (error) => this.failed("onUndelivered", error),
      );
    }
    owner?.supervisor.announce("onMessageUndelivered", owner.actor, seen, reason);
  }

  /** @internal Something went wrong that nobody waits for, and that harms nobody. */
  failed(what: string, error: unknown): void {
    const owner = this.#owner;
    owner?.supervisor.logEvent("warn", what, owner.actor.name, error);
  }

  /** Only a mailbox without room of its own has senders that wait while nothing is queued. */
  #takeFromSender(receiver: Receiver): boolean {
    const sender = this.#senders?.first() as Envelope | undefined;
    if (sender === undefined) return false;
    this.#senders!.shift();
    this.aside++;
    hand(receiver, sender);
    return true;
  }

  #accept(type: string, payload: unknown): boolean {
    if (!this.#hasRoom()) return false;
    this.#put(type, payload);
    return true;
  }

  #call(
    type: string,
    payload: unknown,
    options: CallOptions | undefined,
    wait: boolean,
  ): Promise<unknown> {
    if (isExpired("call", type, options)) return refusal(options.signal.reason);
    const hasRoom = this.#hasRoom();
    if (!hasRoom && this.#state !== "open") return refusal(this.#refusal("call", type));
    if (!hasRoom && !wait) {
      const what = `Cannot call "${type}": ${this.capacity} messages are queued`;
      return refusal(new MailboxFullError(what));
    }
    return this.#send(new Envelope("call", type, payload, hasRoom ? "queued" : "waiting"), options);
  }

  #send(envelope: Envelope, options: SendOptions | undefined): Promise<unknown> {
    const promise = envelope.expect(this as never);
    if (envelope.stage === "waiting") {
      (this.#senders ??= new Ring()).push(envelope, undefined);
      this.#senders.mark();
    } else {
      this.#put(envelope, undefined);
    }
    if (options !== undefined) watch(envelope, options);
    return promise;
  }

  #hasRoom(): boolean {
    if (this.#state !== "open") return false;
    if (this.capacity === 0) return this.#idle.first !== undefined;
    const queue = this.#queue;
    if (queue === undefined || queue.length < this.capacity) return true;
    subscribeFresh();
    return queue.length < this.capacity;
  }

  /** Queues a message for which there is room, or hands it over. */
  #put(what: string | Envelope, payload: unknown): void {
    if (this.capacity === 0) {
      const receiver = this.#idle.first!;
      if (typeof what === "string") receiver.give(what, payload);
      else hand(receiver, what);
      receiver.busy = receiver.handed = true;
      this.#wake();
      return;
    }
    const queue = (this.#queue ??= new Ring());
    queue.push(what, payload);
    // Where nobody comes for it at once it has to wait.
    if (!this.#wake() && queue.length <= 2) queue.mark();
  }

  /** Sets the first idle receiver to work, if there is one. */
  #wake(): boolean {
    const receiver = this.#idle.shift();
    if (receiver === undefined) return false;
    schedule(receiver);
    return true;
  }

  /** Lets senders in that waited for room, first come, first served. */
  #admit(): void {
    const senders = this.#senders!;
    const queue = this.#queue!;
    while (queue.length < this.capacity) {
      const sender = senders.first() as Envelope | undefined;
      if (sender === undefined) return;
      senders.shift();
      if (sender.kind === "call") {
        sender.stage = "queued";
        this.#put(sender, undefined);
      } else {
        this.#put(sender.type, sender.payload);
        sender.reply(undefined);
      }
    }
  }

  #refusal(action: string, type: string): Error {
    const message = `Cannot ${action} "${type}": the mailbox`;
    if (this.#state === "closed") return new MailboxClosedError(`${message} is closed`);
    const owner = this.#owner;
    const cause = owner?.status === "failed" ? owner.lastError : undefined;
    return new ActorStoppedError(`${message} belongs to "${owner?.actor.name}", which is stopped`, {
      cause,
    });
  }

  #refuseSenders(): void {
    const senders = this.#senders;
    if (senders === undefined) return;
    for (let sender = senders.first(); sender !== undefined; sender = senders.first()) {
      senders.shift();
      const { kind, type } = sender as Envelope;
      (sender as Envelope).lose(this.#refusal(kind, type));
    }
  }

  /** From a closed mailbox `owner` need not receive any more; where nobody does, nor will, what is queued is lost. */
  #close(owner: Child | undefined): void {
    if (!this.hasMessages()) owner?.receivesNoMoreFrom(this as never);
    if (this.receivers === 0 && this.#owners === 0) this.#flush();
  }

  #flush(): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    for (let what = queue.first(); what !== undefined; what = queue.first()) {
      const payload = queue.shift();
      this.aside--;
      const isCast = typeof what === "string";
      const envelope = isCast
        ? new Envelope("cast", what as string, payload, "gone")
        : (what as Envelope);
      const reason = this.#refusal(envelope.kind, envelope.type);
      envelope.lose(reason);
      this.undelivered(envelope, reason);
    }
  }
}

/** Gives the message of an envelope to the receiver; a cast that waited for room needs it no longer. */
function hand(receiver: Receiver, envelope: Envelope): void {
  receiver.give(envelope.type, envelope.payload);
  if (envelope.kind === "cast") {
    envelope.reply(undefined);
  } else {
    receiver.envelope = envelope;
    envelope.holder = receiver;
    envelope.stage = "taken";
  }
}

/** Whether the sender had given up before it sent. */
function isExpired(
  action: string,
  type: string,
  options: SendOptions | undefined,
): options is { signal: AbortSignal } {
  if (typeof type !== "string") check(action, "type", type, "string", "a string");
  if (options === undefined) return false;
  const { signal, timeout } = options;
  if (timeout !== undefined) checkTimeout(`${action} "${type}"`, "timeout", timeout);
  if (signal === undefined) return false;
  const aborted: unknown = (signal as AbortSignal | null)?.aborted;
  if (typeof aborted === "boolean") return aborted;
  throw new TypeError(
    `Cannot ${action} "${type}": \`signal\` must be an AbortSignal, got ${String(signal)}`,
  );
}
