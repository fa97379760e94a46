import { Chain } from "./chain.ts";
import { isThenable } from "./outcome.ts";

/** Takes each value that is broadcast, into a buffer or the like: no code of users runs in it. */
export interface Inlet {
  push(value: unknown, version: number): void;
  /** The actor behind the value has stopped for good: nothing comes until it is started anew. */
  end(): void;
  /** Where the values come from has trouble. */
  fail?(error: unknown): void;
}

/**
 * Those who want to hear of one value. Inlets get each value at once; listeners are called when all that depends on the
 * value is up to date.
 */
export class Broadcast {
  readonly #inlets: Chain<Inlet> = new Chain();
  readonly #listeners: Chain<() => unknown> = new Chain();

  /** @returns a function that leaves again */
  join(inlet: Inlet): () => void {
    return this.#inlets.add(inlet);
  }

  /** @returns a function that removes the listener */
  listen(listener: () => unknown): () => void {
    return this.#listeners.add(listener);
  }

  get hasListeners(): boolean {
    return this.#listeners.first !== undefined;
  }

  get hasInlets(): boolean {
    return this.#inlets.first !== undefined;
  }

  push(value: unknown, version: number): void {
    for (let entry = this.#inlets.first; entry !== undefined; entry = entry.after) {
      entry.item?.push(value, version);
    }
  }

  end(): void {
    for (let entry = this.#inlets.first; entry !== undefined; entry = entry.after) {
      entry.item?.end();
    }
  }

  fail(error: unknown): void {
    for (let entry = this.#inlets.first; entry !== undefined; entry = entry.after) {
      entry.item?.fail?.(error);
    }
  }

  /** Calls the listeners; one that fails harms no other. */
  call(report: (error: unknown) => void): void {
    const { newest } = this.#listeners;
    let entry = this.#listeners.first;
    for (; entry !== undefined && entry.order <= newest; entry = entry.after) {
      try {
        const result = entry.item?.();
        if (result !== undefined && isThenable(result)) result.then(undefined, report);
      } catch (error) {
        report(error);
      }
    }
  }
}
