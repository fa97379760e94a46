import { type ActorContext, Mailbox } from "@sup/core";

/**
 * Tells when an actor has stopped for good, which its lives cannot know: the end of one may be followed by the next. A cast
 * that nobody takes waits over all lives, and is refused when there is none any more.
 */
export class Presence {
  readonly #mailbox = new Mailbox<{ stopped(): void }>({ capacity: 0 });
  readonly #onStopped: () => void;
  #isWaiting = false;

  constructor(onStopped: () => void) {
    this.#onStopped = onStopped;
  }

  /** A life begins. */
  begin(context: ActorContext): void {
    this.#mailbox.receive(context);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#mailbox.cast("stopped")?.catch(() => {
      this.#isWaiting = false;
      this.#onStopped();
    });
  }
}
