/** Ticks at fixed distances from a start: who comes late skips some, and nothing adds up. Times in milliseconds. */
export class Ticks {
  readonly #interval: number;
  readonly #start: number;
  #count = 0;

  constructor(interval: number, start: number) {
    this.#interval = interval;
    this.#start = start;
  }

  /** How long it is at `now` until the next tick; each call is about another tick. */
  next(now: number): number {
    // A timer may fire a little early: it must not have the same tick again.
    this.#count = Math.max(this.#count + 1, Math.ceil((now - this.#start) / this.#interval));
    return Math.max(0, this.#start + this.#count * this.#interval - now);
  }
}
