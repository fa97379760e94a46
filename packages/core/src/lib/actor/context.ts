import type { MailboxStatus } from "../mailbox/mailbox.ts";
import type { Logger } from "../observer/logger.ts";

/** Whatever can be supervised. No base class is needed. */
export interface Actor {
  /** As it was given; in logs, errors and dashboards. It need not be unique; `Child.id` is. */
  readonly name: string;
  /** What dashboards group by: `"actor"` unless given. */
  readonly kind?: string | undefined;
  /**
   * Milliseconds that a life needs to end, for who knows better than its supervisor; a child's own option goes before it.
   */
  readonly shutdownTimeout?: number | undefined;
  /** The actor's own mailbox, if it has one: a `Mailbox`. */
  readonly mailbox?: MailboxStatus | undefined;
  /**
   * One life. It ends cleanly when this returns or resolves, and crashes when this throws or rejects; ending because
   * `context.signal` aborted is clean.
   */
  run(context: ActorContext): Promise<void> | void;
  /**
   * Called once when the actor has stopped for good, not between two lives: with the error of its last life if that
   * crashed. Also when that life was left behind. What it throws is logged.
   */
  onStopped?(error: Error | undefined): void;
}

/**
 * What one life is given; each life gets a fresh one. Its functions may be taken out of it; hand it on whole, as a copy by
 * spread has none of them.
 */
export interface ActorContext {
  /** Aborted when this life must end. */
  readonly signal: AbortSignal;
  /** The supervisor's logger, bound to the actor's name. */
  readonly logger: Logger;
  /** How many lives the actor had before this one. */
  readonly restarts: number;
  /** Tells that the actor can do its work now: an ordered start goes on. */
  readonly ready: () => void;
  /** Ends this life as a crash, from any callback. The first cause counts. */
  readonly fail: (error: unknown) => void;
  /** Ends this life cleanly and for good: no policy restarts it. */
  readonly finish: () => void;
  /**
   * Runs `cleanup` when this life ends, however it ends, the last one first. The next life starts when all have run. What
   * one throws is reported, and stops no other.
   */
  readonly defer: (cleanup: () => unknown) => void;
}
