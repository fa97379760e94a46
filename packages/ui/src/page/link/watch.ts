/** In how many steps the patience is counted. */
const steps = 5;

/**
 * Tells when nothing was heard for too long. It counts what it lives through: after a sleep of the machine, or where the
 * processor is busy with others, what has arrived meanwhile is read before it is missed.
 */
export class Watch {
  readonly #step: number;
  readonly #tell: () => void;
  #left = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param patience - In milliseconds. */
  constructor(patience: number, tell: () => void) {
    this.#step = patience / steps;
    this.#tell = tell;
  }

  /** Counts from now on, up to so many times its patience. */
  begin(times: number): void {
    this.#left = times * steps;
    this.#timer ??= setInterval(() => --this.#left === 0 && this.#tell(), this.#step);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
