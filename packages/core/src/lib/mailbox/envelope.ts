import type { Mailbox } from "./mailbox.ts";
import type { Receiver } from "./receiver.ts";
import { forget, subscribeFresh } from "./withdrawal.ts";

type Settle = (value: unknown) => void;

let resolveNew: Settle;
let rejectNew: Settle;

/** Shared by all promises made here: an executor of its own would be one object more for each. */
function capture(resolve: Settle, reject: Settle): void {
  resolveNew = resolve;
  rejectNew = reject;
}

const ignore = (): void => {};

/**
 * The way of a message: `waiting` for room, `queued`, `taken` by a receiver; then `answered`, or `gone` because its
 * sender gave up or it can never be answered.
 */
type Stage = "waiting" | "queued" | "taken" | "answered" | "gone";

/**
 * A message that somebody waits for (a call until its reply, a cast until it has room), or that a receiver was given.
 */
export class Envelope {
  readonly kind: "cast" | "call";
  readonly type: string;
  readonly payload: unknown;
  stage: Stage;
  /** The life's place that holds the message once it is taken. */
  holder: Receiver | undefined;
  /** The signal of the sender. */
  caller: AbortSignal | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the caller's signal has been subscribed to for this envelope. */
  watched = false;
  promise: Promise<unknown> | undefined;
  #mailbox: Mailbox<never> | undefined;
  #resolve: Settle | undefined;
  #reject: Settle | undefined;
  #controller: AbortController | undefined;

  constructor(kind: "cast" | "call", type: string, payload: unknown, stage: Stage) {
    this.kind = kind;
    this.type = type;
    this.payload = payload;
    this.stage = stage;
  }

  /** Gives the envelope a promise that settles with it, and that may be ignored. */
  expect(mailbox: Mailbox<never>): Promise<unknown> {
    this.promise = new Promise(capture);
    this.#resolve = resolveNew;
    this.#reject = rejectNew;
    this.#mailbox = mailbox;
    return this.promise;
  }

  /** Whose message it is, for those who read an error. */
  get whose(): string {
    return this.#mailbox?.whose ?? "";
  }

  /** Whether somebody receives where it was sent to. */
  get heard(): boolean {
    return this.#mailbox!.receivers > 0;
  }

  /** Whether the message still has to be delivered: a dead one is skipped by the queues. */
  get alive(): boolean {
    if (this.stage === "gone") return false;
    // The subscription to the caller's signal may not be there yet (see withdrawal.ts).
    if (this.caller !== undefined && this.caller.aborted) {
      this.withdraw(this.caller.reason);
      return false;
    }
    return true;
  }

  /** Whether somebody still waits for the outcome. */
  get pending(): boolean {
    return this.promise !== undefined && this.stage !== "answered" && this.stage !== "gone";
  }

  get signal(): AbortSignal {
    const { holder } = this;
    if (this.kind === "cast" && holder !== undefined) return holder.signal;
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (holder?.aborted === true) this.abort(holder.signal.reason);
      // Who holds the signal must hear of the caller at once.
      subscribeFresh();
    }
    return this.#controller.signal;
  }

  reply(value: unknown): boolean {
    if (!this.pending || !this.alive) return false;
    this.#settle("answered");
    this.#resolve?.(value);
    return true;
  }

  fail(error: unknown): boolean {
    if (!this.pending || !this.alive) return false;
    this.#settle("answered");
    this.rejectBy(error);
    return true;
  }

  /** The message can never be answered (its actor crashed or stopped, its mailbox closed): its sender is told. */
  lose(error: unknown): void {
    if (!this.pending) return;
    const isTaken = this.stage === "taken";
    this.#settle("gone");
    // A signal that is asked for later tells the same.
    if (isTaken) this.#controller ??= new AbortController();
    this.abort(error);
    this.rejectBy(error);
  }

  /** The sender gave up: wherever the message is, it is delivered no more. */
  withdraw(reason: unknown): void {
    if (!this.pending) return;
    const { stage } = this;
    this.lose(reason);
    if (stage !== "taken") this.#mailbox?.withdrawn(stage === "waiting");
  }

  /** Tells the handler that holds the message to hurry. */
  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  /** Rejects the promise; a rejection that nobody looks at must not end the process. */
  rejectBy(error: unknown): void {
    this.promise?.then(undefined, ignore);
    this.#reject?.(error);
  }

  #settle(stage: "answered" | "gone"): void {
    this.stage = stage;
    if (this.timer !== undefined || this.watched) forget(this);
    this.holder?.settled(this);
  }
}

/** A promise rejected with `error` that may be ignored. */
export function refusal(error: unknown): Promise<never> {
  // Handled before it is rejected: the engine's tracking of unhandled rejections costs more than all the rest.
  const promise = new Promise<never>(capture as never);
  const reject = rejectNew;
  promise.then(undefined, ignore);
  reject(error);
  return promise;
}
