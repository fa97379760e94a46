import { type Life, lifeBeingAborted, lifeOf } from "../supervisor/life.ts";
import type { Envelope } from "./envelope.ts";
import type { Mailbox } from "./mailbox.ts";

/** What `receive` and `serve` take beside the mailbox: a signal, or the whole context of a life. */
export interface ReceiveOptions {
  /** Ends the receiving when it aborts; messages that are still queued stay. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One place where messages are taken out of a mailbox, on behalf of a life. It is idle (in the mailbox's list), scheduled
 * (in the list of `turn.ts`) or at work on a message.
 */
export abstract class Receiver {
  readonly mailbox: Mailbox<never>;
  /** The life that answers for the messages taken here. */
  life: Life | undefined = undefined;
  /** The neighbour in the list of idle or of scheduled receivers. */
  behind: Receiver | undefined = undefined;
  /** Neighbours among the receivers of the same life. */
  before: Receiver | undefined = undefined;
  after: Receiver | undefined = undefined;
  idle = false;
  /** Takes no further message. */
  ending = false;
  /** Ended altogether: whatever its code still does changes nothing. */
  ended = false;
  /** The message in hand; calls and what `receive` yields have an envelope. */
  type = "";
  payload: unknown = undefined;
  envelope: Envelope | undefined = undefined;
  /** A message was handed over by a sender and waits here to be worked on. */
  handed = false;
  readonly #source: AbortSignal | undefined;

  constructor(mailbox: Mailbox<never>, options: ReceiveOptions) {
    this.mailbox = mailbox;
    const own = lifeOf(options);
    const life = own ?? mailbox.life;
    // A life tells its receivers itself; its signal is made only when somebody asks for it.
    this.#source = own === undefined ? options.signal : undefined;
    mailbox.receivers++;
    life?.adopt(this);
    if (life?.aborted === true || this.#source?.aborted === true) this.ending = true;
    else this.#source?.addEventListener("abort", this);
  }

  /** Works on messages until there is none, the turn is over, or one takes time. */
  abstract proceed(): void;

  /** An envelope that was taken here has been settled. */
  abstract settled(envelope: Envelope): void;

  /** What is in hand from before is done with. */
  abstract letGo(): void;

  /** Whether something that was taken here is still without an outcome. */
  abstract get holding(): boolean;

  /** The receiving is over, cleanly. */
  protected abstract finish(): void;

  /** What is in hand will have no outcome any more: its life has ended, by `crash` or cleanly. */
  protected abstract drop(crash: Error | undefined): void;

  /** What a handler of a cast sees. */
  get signal(): AbortSignal {
    return this.#source ?? this.life?.signal ?? neverAborted;
  }

  /** The abort of the signal that was passed. */
  handleEvent(): void {
    // A signal derived from a life's one aborts while the life's own does: that is how the life is known.
    if (this.life === undefined) lifeBeingAborted()?.adopt(this);
    this.abort();
    if (this.ended && this.life === undefined) this.drop(undefined);
  }

  /** Ends the receiving as soon as the message in hand is done. */
  abort(): void {
    if (this.ending) return;
    this.ending = true;
    this.envelope?.abort(this.signal.reason);
    if (this.idle) this.end();
  }

  /** The life is over: what is in hand gets its outcome, and nothing more is taken here. */
  fence(crash: Error | undefined): void {
    this.end();
    this.drop(crash);
  }

  /** Ends the receiving; nothing more is taken here. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.ending = true;
    if (this.idle) this.mailbox.leave(this);
    this.mailbox.receiverEnded();
    this.finish();
    this.rest();
  }

  /** Once ended, leaves its life and its signal alone, unless something in hand still needs them. */
  protected rest(): void {
    const { life } = this;
    if (this.holding && (life !== undefined || this.#source?.aborted === false)) return;
    this.#source?.removeEventListener("abort", this);
    if (life === undefined) this.drop(undefined);
    else life.disown(this);
  }

  /** Takes the next message in hand. */
  protected take(): boolean {
    if (this.handed) {
      this.handed = false;
      return true;
    }
    if (this.mailbox.take(this)) return true;
    this.type = "";
    this.payload = this.envelope = undefined;
    return false;
  }
}

/** What casts see whose receiver was given no signal. */
const neverAborted: AbortSignal = new AbortController().signal;
