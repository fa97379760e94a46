import type { Owner } from "./node.ts";

/** What a source does for its node: knows how long ago the last update succeeded. */
export class Freshness implements Owner {
  readonly report: (error: unknown) => void;
  readonly #staleAfter: number;
  #since: number;

  constructor(report: (error: unknown) => void, staleAfter = Infinity) {
    this.report = report;
    this.#staleAfter = staleAfter;
    this.#since = performance.now();
  }

  // The clock of the day may be set back, and make an old value young.
  succeeded(): void {
    if (this.#staleAfter !== Infinity) this.#since = performance.now();
  }

  isOld(): boolean {
    return performance.now() - this.#since >= this.#staleAfter;
  }
}
