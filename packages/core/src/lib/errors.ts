/** A `tryCall` found the mailbox full. */
export class MailboxFullError extends Error {
  override readonly name = "MailboxFullError";
  readonly code = "MAILBOX_FULL";
}

/** The mailbox was closed with `close()`: it takes no message any more. */
export class MailboxClosedError extends Error {
  override readonly name = "MailboxClosedError";
  readonly code = "MAILBOX_CLOSED";
}

/** The life that held the message crashed before it replied; `cause` is the crash. */
export class ActorCrashedError extends Error {
  override readonly name = "ActorCrashedError";
  readonly code = "ACTOR_CRASHED";
}

/** The actor is stopped for good, or the life that held the message ended without a reply. */
export class ActorStoppedError extends Error {
  override readonly name = "ActorStoppedError";
  readonly code = "ACTOR_STOPPED";
}

/** A child restarted more often than its supervisor allows; `cause` is the error of its last life. */
export class RestartLimitError extends Error {
  override readonly name = "RestartLimitError";
  readonly code = "RESTART_LIMIT";
  /** Name of the supervisor that gave up. */
  readonly supervisorName: string;
  /** Name of the actor that crossed the limit. */
  readonly actorName: string;
  /** Restarts asked for within the window, the refused one included. */
  readonly count: number;
  /** Length of the window in milliseconds. */
  readonly window: number;

  constructor(
    supervisorName: string,
    actorName: string,
    count: number,
    window: number,
    cause: unknown,
  ) {
    super(
      `Cannot restart "${actorName}" under "${supervisorName}": ${count} restarts within ${window} ms are too many`,
      { cause },
    );
    this.supervisorName = supervisorName;
    this.actorName = actorName;
    this.count = count;
    this.window = window;
  }
}

/** What was thrown, as an `Error` with a stack: itself where it is one, else wrapped as `cause`. */
export function toError(thrown: unknown, what: string): Error {
  let text = "what was thrown cannot be looked at";
  try {
    const kind = Object.prototype.toString.call(thrown);
    // An error of another realm is no instance of this one's class.
    if (thrown instanceof Error || kind === "[object Error]") return thrown as Error;
    text = typeof thrown === "object" ? kind : String(thrown);
  } catch {
    // A proxy that was revoked, or a getter that throws.
  }
  return new Error(`${what}: ${text}`, { cause: thrown });
}
