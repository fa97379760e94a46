import { mergeChanges } from "../../model/merge.ts";
import type { PageChange } from "../../model/wire.ts";

/** The last changes by number, so that who was away, or slow, is told what it has missed. */
export class ChangeRing {
  readonly #capacity: number;
  readonly #changes: PageChange[] = [];
  /** The number of the newest change. */
  #seq = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get seq(): number {
    return this.#seq;
  }

  push(change: PageChange): void {
    this.#changes[++this.#seq % this.#capacity] = change;
  }

  /** Begins anew after a change that is not kept: whoever knew an earlier number knows nothing. */
  restart(): void {
    this.#seq++;
    this.#changes.length = 0;
  }

  /** All that came after number `seq`, as one change; `undefined` when not all of it is known any more. */
  since(seq: number): PageChange | undefined {
    const missed: PageChange[] = [];
    if (seq > this.#seq || this.#seq - seq > this.#capacity) return undefined;
    for (let at = seq + 1; at <= this.#seq; at++) {
      const change = this.#changes[at % this.#capacity];
      if (change === undefined) return undefined;
      missed.push(change);
    }
    return mergeChanges(missed);
  }
}
