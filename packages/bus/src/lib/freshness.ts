import type { Owner } from "./node.ts";

/** What a source does for its node: where it may be stale, it knows how long ago the last update succeeded. */
export function sourceOwner(
  report: (error: unknown) => void,
  staleAfter: number | undefined,
): Owner {
  return staleAfter === undefined ? { report } : new Freshness(report, staleAfter);
}

class Freshness implements Owner {
  readonly report: (error: unknown) => void;
  readonly #staleAfter: number;
  #since: number;

  constructor(report: (error: unknown) => void, staleAfter: number) {
    this.report = report;
    this.#staleAfter = staleAfter;
    this.#since = performance.now();
  }

  // The clock of the day may be set back, and make an old value young.
  succeeded(): void {
    this.#since = performance.now();
  }

  isOld(): boolean {
    return performance.now() - this.#since >= this.#staleAfter;
  }
}
