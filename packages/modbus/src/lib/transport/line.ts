import type { LineTurns } from "./link.ts";
import { pauseUntil } from "./pause.ts";

/** How a line that carries one request at a time is shared in time. Milliseconds. */
export interface LineTiming {
  /** Silence before each request. */
  readonly quietTime: number;
  /** What a broadcast is given, as nobody answers it. */
  readonly turnaround: number;
  /** The longest that the line may keep a request from its turn by never falling silent. */
  readonly patience: number;
}

/**
 * The turns on one line, over all lives of its connection: an answer that a life did not wait for may come in the next one,
 * so what is uncertain outlives it.
 */
export class Line implements LineTurns {
  readonly #timing: LineTiming;
  readonly #waiting: Set<() => void> = new Set();
  #isTaken = false;
  /** Until then (of `performance.now()`) a late answer may come. */
  #certainAt = 0;
  #silentAt = 0;
  #callOff: (() => void) | undefined;

  constructor(timing: LineTiming) {
    this.#timing = timing;
  }

  get turnaround(): number {
    return this.#timing.turnaround;
  }

  take(go: () => void): () => void {
    // Each `go` is a key of its own, also one that is given twice.
    const turn = () => go();
    this.#waiting.add(turn);
    this.#next(performance.now());
    return () => {
      this.#waiting.delete(turn);
      if (this.#waiting.size === 0) this.#stopWaiting();
    };
  }

  release(uncertainFor: number = 0): void {
    const now = performance.now();
    this.#isTaken = false;
    this.#certainAt = uncertainFor === 0 ? 0 : now + uncertainFor;
    this.#next(now);
  }

  /** The line is heard, or will be busy for that many milliseconds; it has to be silent for the quiet time after it. */
  heard(busyFor: number = 0): void {
    this.#silentAt = performance.now() + busyFor + this.#timing.quietTime;
  }

  #next(wantedAt: number): void {
    if (this.#isTaken || this.#waiting.size === 0 || this.#callOff !== undefined) return;
    const due = Math.max(
      this.#certainAt,
      Math.min(this.#silentAt, wantedAt + this.#timing.patience),
    );
    if (due > performance.now()) {
      this.#callOff = pauseUntil(due, () => {
        this.#callOff = undefined;
        this.#next(wantedAt);
      });
      return;
    }
    const [go] = this.#waiting;
    this.#waiting.delete(go!);
    this.#isTaken = true;
    go!();
  }

  #stopWaiting(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
