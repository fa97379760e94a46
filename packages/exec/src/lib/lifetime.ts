import { type ActorContext, Mailbox } from "@sup/core";

/** Knows when an actor is stopped for good, which none of its lives can tell from its own end. */
export class Lifetime {
  /** Without room, and nobody takes from it: a message waits until the mailbox is refused to all, with its actor's end. */
  readonly #mailbox: Mailbox<{ end(): void }> = new Mailbox({ capacity: 0 });
  #isWatched = false;

  /** Calls `onOver` when the actor whose life this is the context of is stopped for good. */
  watch(context: ActorContext, onOver: () => void): void {
    this.#mailbox.receive(context);
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#mailbox.cast("end")?.catch(() => {
      this.#isWatched = false;
      onOver();
    });
  }
}
