import type { OutputLine } from "./output-line.ts";

/** The newest lines, up to so many. */
export class LastLines {
  readonly #keep: number;
  readonly #lines: OutputLine[] = [];
  /** Where the next one goes: there the oldest one is, once all places are taken. */
  #next = 0;
  #count = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get lines(): readonly OutputLine[] {
    if (this.#keep === 0) return [];
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }

  /** The line, if there was one and no more. */
  get only(): OutputLine | undefined {
    return this.#count === 1 ? this.#lines[0] : undefined;
  }

  push(line: OutputLine): void {
    this.#count += 1;
    this.#lines[this.#next++] = line;
    // One is always kept: it may be the only one.
    if (this.#next >= this.#keep) this.#next = 0;
  }
}
