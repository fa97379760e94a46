/** Milliseconds in which the same message is told once. */
const calm = 10_000;

/** Knows which messages were told a short while ago. */
export class Repetition {
  readonly #now: () => number;
  readonly #toldAt = new Map<string, number>();

  /** @param now The clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether `message` was told a short while ago; where it was not, it counts as told now. */
  isTooSoon(message: string): boolean {
    const now = this.#now();
    this.#forget(now - calm);
    if (this.#toldAt.has(message)) return true;
    this.#toldAt.set(message, now);
    return false;
  }

  /** Forgets what was told at `time` or before: messages come in the order in which they were told. */
  #forget(time: number): void {
    for (const [message, toldAt] of this.#toldAt) {
      if (toldAt > time) return;
      this.#toldAt.delete(message);
    }
  }
}
