/** Tells when nothing has been seen for a while. */
export class IdleWatch {
  readonly #timer: NodeJS.Timeout;
  #isIdle = false;

  constructor(milliseconds: number, onIdle: () => void) {
    this.#timer = setTimeout(() => {
      this.#isIdle = true;
      // When the event loop was blocked, timers come before the bytes that have waited just as long.
      setImmediate(() => {
        if (this.#isIdle) onIdle();
      });
    }, milliseconds);
  }

  /** Something was seen. */
  touch(): void {
    this.#isIdle = false;
    this.#timer.refresh();
  }

  stop(): void {
    this.#isIdle = false;
    clearTimeout(this.#timer);
  }
}
