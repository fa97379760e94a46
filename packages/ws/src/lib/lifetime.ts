import { type ActorContext, Mailbox } from "@sup/core";

/**
 * Knows when an actor is stopped for good, which a life is not told: its end may be a restart. A mailbox is, as calls in
 * it wait from life to life and are refused at the very end; in this one nobody ever takes one.
 */
export class Lifetime {
  readonly #gate = new Mailbox<{ pass(): void }>({ capacity: 0 });

  /** To be called at the beginning of each life: from then on the gate is the actor's. */
  enter(context: ActorContext): void {
    this.#gate.receive(context);
  }

  /** Calls `over` once: when the actor is stopped for good, or soon if it is. Calling the result calls that off. */
  whenOver(over: () => void): () => void {
    const waiting = new AbortController();
    this.#gate.call("pass", undefined, { signal: waiting.signal }).catch(() => {
      if (!waiting.signal.aborted) over();
    });
    return () => waiting.abort();
  }
}
