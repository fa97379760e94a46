import { mergeChanges } from "../../model/merge.ts";
import type { PageChange } from "../../model/wire.ts";

/** The last changes by number, so that who was away, or slow, is told what it has missed. */
export class ChangeRing {
  readonly #mostChanges: number;
  readonly #mostRows: number;
  readonly #changes: PageChange[] = [];
  /** Rows that the changes are of. */
  #rows = 0;
  /** The number of the newest change. */
  #seq = 0;

  /** Holds no more than so many changes, and of so many rows in all. */
  constructor(mostChanges: number, mostRows: number) {
    this.#mostChanges = mostChanges;
    this.#mostRows = mostRows;
  }

  get seq(): number {
    return this.#seq;
  }

  push(change: PageChange): void {
    this.#seq++;
    this.#changes.push(change);
    this.#rows += rowsOf(change);
    while (this.#changes.length > this.#mostChanges || this.#rows > this.#mostRows) {
      this.#rows -= rowsOf(this.#changes.shift()!);
    }
  }

  /** Begins anew after a change that is not kept: whoever knew an earlier number knows nothing. */
  restart(): void {
    this.#seq++;
    this.#changes.length = 0;
    this.#rows = 0;
  }

  /** All that came after number `seq`, as one change; `undefined` when not all of it is known any more. */
  since(seq: number): PageChange | undefined {
    const missed = this.#seq - seq;
    if (missed < 0 || missed > this.#changes.length) return undefined;
    return mergeChanges(this.#changes.slice(this.#changes.length - missed));
  }
}

function rowsOf({ gone = [], came = [], actors = [], values = [] }: PageChange): number {
  return gone.length + came.length + actors.length + values.length;
}
