import { Envelope } from "./envelope.ts";

const firstSize = 8;

/** Shared by all queues that have not been used: it is never written to. */
const unused: unknown[] = [];

/**
 * A queue of (what, payload) pairs: `what` is a cast's type, or the envelope of a call or of a sender that waits.
 * An envelope whose sender gave up stays in its place as a dead one until it is met or swept out.
 */
export class Ring {
  /** Entries that were taken out by `shift`. */
  taken = 0;
  /** Entries that are in here, the dead ones among them. */
  filled = 0;
  #slots: unknown[] = unused;
  #head = 0;
  #dead = 0;
  // At most two entries are marked, as a time for each would cost more than the entry. They are numbered as they will be
  // taken: those up to number `#mark` were put in at `#markedAt` at the latest, those up to `#nextMark` at `#nextMarkedAt`.
  // A mark below `taken` is none any more, nor is a next one that is not above the first.
  #mark = -1;
  #markedAt = 0;
  #nextMark = -1;
  #nextMarkedAt = 0;

  /** Entries that are not dead. */
  get length(): number {
    return this.filled - this.#dead;
  }

  push(what: string | Envelope, payload: unknown): void {
    if (this.filled * 2 === this.#slots.length) this.#rebuild();
    const at = (this.#head + this.filled * 2) & (this.#slots.length - 1);
    this.#slots[at] = what;
    this.#slots[at + 1] = payload;
    this.filled++;
  }

  /** Notes the time at the last entry, unless there are marks enough. */
  mark(): void {
    if (this.filled === 0) return;
    const last = this.taken + this.filled - 1;
    if (this.#mark < this.taken) {
      this.#mark = this.#nextMark;
      this.#markedAt = this.#nextMarkedAt;
    }
    if (this.#mark < this.taken) {
      this.#mark = last;
      this.#markedAt = Date.now();
    } else if (this.#nextMark <= this.#mark && (this.#mark - this.taken) * 2 < this.filled - 1) {
      // Not before the first one is in the first half: close together both would be passed at once.
      this.#nextMark = last;
      this.#nextMarkedAt = Date.now();
    }
  }

  /** The first entry was put in then or before, in epoch milliseconds. */
  get oldestAt(): number | undefined {
    if (this.first() === undefined) return undefined;
    this.mark();
    return this.#markedAt;
  }

  /** The first entry that is not dead, or `undefined`; `shift` takes it out. */
  first(): string | Envelope | undefined {
    while (this.filled > 0) {
      const what = this.#slots[this.#head] as string | Envelope;
      if (typeof what === "string" || what.alive) return what;
      // It may have died just now, and been swept out by that.
      if (this.#slots[this.#head] === what) this.#dropDead();
    }
    return undefined;
  }

  /** Takes out the entry that `first` has just returned, and returns its payload. */
  shift(): unknown {
    const payload = this.#slots[this.#head + 1];
    this.#drop();
    this.taken++;
    return payload;
  }

  /** An envelope in here has died: it no longer counts. */
  died(): void {
    this.#dead++;
    // Sweeping when most entries are dead keeps memory and cost bounded by the living ones.
    if (this.filled > firstSize && this.#dead * 2 > this.filled) this.#rebuild();
  }

  #dropDead(): void {
    this.#drop();
    this.#dead--;
    this.#mark--;
    this.#nextMark--;
  }

  #drop(): void {
    this.#slots[this.#head] = undefined;
    this.#slots[this.#head + 1] = undefined;
    this.#head = (this.#head + 2) & (this.#slots.length - 1);
    this.filled--;
  }

  /** Leaves the dead behind, and has room for as many again as are left. */
  #rebuild(): void {
    const old = this.#slots;
    const head = this.#head;
    const used = this.filled;
    const mark = this.#mark - this.taken;
    const nextMark = this.#nextMark - this.taken;
    let size = firstSize * 2;
    while (size <= this.length * 2) size *= 2;
    this.#slots = new Array<unknown>(size);
    this.#head = this.filled = this.#dead = 0;
    for (let index = 0; index < used; index++) {
      const at = (head + index * 2) & (old.length - 1);
      const what = old[at] as string | Envelope;
      if (typeof what === "string" || what.stage !== "gone") this.push(what, old[at + 1]);
      const last = this.taken + this.filled - 1;
      if (index === mark) this.#mark = last;
      if (index === nextMark) this.#nextMark = last;
    }
  }
}
