import { ActorCrashedError, ActorStoppedError } from "../errors.ts";
import { type Life, lifeBeingAborted, lifeOf } from "../supervisor/life.ts";
import { Envelope } from "./envelope.ts";
import { leaveLine, type Place } from "../line.ts";
import type { Mailbox } from "./mailbox.ts";
import { mustYield, schedule } from "./turn.ts";

/** What `receive` and `serve` take beside the mailbox: a signal, or the whole context of a life. */
export interface ReceiveOptions {
  /** Ends the receiving when it aborts; messages that are still queued stay. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One place where messages are taken out of a mailbox, on behalf of a life. It is idle (in the line of its mailbox),
 * scheduled (in the line of `turn.ts`), or has a message in hand.
 */
export abstract class Receiver {
  readonly mailbox: Mailbox<never>;
  /** The life that answers for the messages taken here. */
  life: Life | undefined;
  /** Neighbours in the line in which it stands, of the mailbox's idle ones or of `turn.ts`. */
  ahead: Place | undefined;
  behind: Place | undefined;
  /** Neighbours among the receivers of the same life. */
  before: Receiver | undefined;
  after: Receiver | undefined;
  /** Takes no further message. */
  ending = false;
  /** Ended altogether: whatever its code still does changes nothing. */
  ended = false;
  /** The last message that was taken; a call has an envelope. */
  type = "";
  payload: unknown = undefined;
  envelope: Envelope | undefined;
  /** That message is in hand: it has no outcome yet. */
  busy = false;
  /** It was put there by its sender, without a queue between, and nobody has looked at it yet. */
  handed = false;
  readonly #source: AbortSignal | undefined;

  constructor(mailbox: Mailbox<never>, options: ReceiveOptions) {
    this.mailbox = mailbox;
    const own = lifeOf(options);
    const life = own ?? mailbox.ownersLife;
    // A life tells its receivers itself; its signal is made only when somebody asks for it.
    this.#source = own === undefined ? options.signal : undefined;
    if (life !== undefined) life.adopt(this);
    else {
      // Without a signal there are none.
      for (const other of lingering.get(this.#source!) ?? []) other.letGo();
      lingering.delete(this.#source!);
    }
    if (this.aborted) this.ending = true;
    else this.#source?.addEventListener("abort", this);
    mailbox.enter(this.#source !== undefined && !this.ending);
  }

  /** Puts a message into its hand. */
  give(type: string, payload: unknown): void {
    this.type = type;
    this.payload = payload;
    this.envelope = undefined;
  }

  /** Begins the work on the message in hand; returns whether it is done. */
  protected abstract work(): boolean;

  /** The receiving is over, by `crash` or cleanly. */
  protected abstract finish(crash: Error | undefined): void;

  /** What is in hand from before is done with. */
  abstract letGo(): void;

  /** An envelope that was taken here has been settled. */
  abstract settled(envelope: Envelope): void;

  /** Works on messages until there is none, the turn is over, or one takes time. */
  proceed(): void {
    while (!this.ended) {
      if (this.ending && !this.busy) return this.end();
      if (mustYield() && (this.busy || this.mailbox.hasMessages())) {
        this.mailbox.mark();
        return schedule(this);
      }
      if (this.handed) {
        this.handed = false;
        this.busy = this.envelope?.alive !== false;
        if (!this.busy) continue;
        this.mailbox.aside++;
      }
      this.busy ||= this.mailbox.take(this);
      if (!this.busy) return this.#idle();
      if (!this.work()) return this.mailbox.mark();
    }
  }

  /** Whether something that was taken here is still without an outcome. */
  get holding(): boolean {
    return this.busy;
  }

  /** What a handler of a cast sees. */
  get signal(): AbortSignal {
    return this.#source ?? this.life?.signal ?? neverAborted;
  }

  /** Whether the life, or the signal that was passed, says that this must end. */
  get aborted(): boolean {
    return this.life?.aborted === true || this.#source?.aborted === true;
  }

  /** The abort of the signal that was passed. */
  handleEvent(): void {
    // A signal derived from a life's one aborts while the life's own does: that is how the life is known.
    if (this.life === undefined) lifeBeingAborted()?.adopt(this);
    this.abort();
    if (this.ended) this.rest();
  }

  /** Ends the receiving as soon as the message in hand is done. */
  abort(): void {
    // Also what was taken before the receiving was broken off.
    this.envelope?.abort(this.signal.reason);
    if (this.ending) return;
    this.ending = true;
    if (!this.busy) this.end();
  }

  /**
   * The life is over, by `crash` or cleanly: what is in hand gets its outcome, nothing more is taken here, and the life is
   * left.
   */
  fence(crash: Error | undefined): void {
    this.drop(crash);
    this.end();
    // One that has ended before had something in hand until now.
    this.rest();
  }

  /** Ends the receiving; nothing more is taken here. */
  end(crash?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.ending = true;
    if (this.handed) this.#dropInHand(undefined);
    leaveLine(this);
    this.mailbox.leave(this);
    this.finish(crash);
    this.rest();
  }

  /** Once ended, leaves its life and its signal alone, unless something in hand still needs them. */
  protected rest(): void {
    const { life } = this;
    if (this.holding && life !== undefined) return;
    if (this.holding && this.#source?.aborted === false) {
      lingering.set(this.#source, (lingering.get(this.#source) ?? new Set()).add(this));
      return;
    }
    this.#source?.removeEventListener("abort", this);
    if (life === undefined) this.drop(undefined);
    else life.disown(this);
  }

  /** What is in hand will have no outcome any more. */
  protected drop(crash: Error | undefined): void {
    this.#dropInHand(crash);
  }

  protected lose(envelope: Envelope, crash: Error | undefined, isUnseen = false): void {
    if (envelope.stage === "answered") return;
    const what = `"${envelope.type}" has no outcome: its actor`;
    const reason =
      crash === undefined
        ? new ActorStoppedError(`${what} ended`)
        : new ActorCrashedError(`${what} crashed`, { cause: crash });
    envelope.lose(reason);
    if (crash !== undefined || isUnseen) this.undelivered(envelope, reason);
  }

  protected undelivered(envelope: Envelope, reason: Error): void {
    this.mailbox.undelivered(envelope, reason, this.life?.owner);
  }

  /** The message that was taken, as somebody else sees it. */
  protected get message(): Envelope {
    return this.envelope ?? new Envelope("cast", this.type, this.payload, "taken");
  }

  #dropInHand(crash: Error | undefined): void {
    const isUnseen = this.handed;
    if (!this.busy) return;
    this.busy = this.handed = false;
    this.lose(this.message, crash, isUnseen);
  }

  #idle(): void {
    this.payload = this.envelope = undefined;
    this.mailbox.idle(this);
  }
}

/** Those that have ended with something in hand, for whose outcome it matters what the signal's owner comes to. */
const lingering = new WeakMap<AbortSignal, Set<Receiver>>();

/** What casts see whose receiver was given no signal. */
const neverAborted: AbortSignal = new AbortController().signal;
