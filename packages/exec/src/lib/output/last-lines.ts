import type { OutputLine } from "./output-line.ts";

/** The newest lines, up to so many. */
export class LastLines {
  readonly #keep: number;
  #lines: OutputLine[] = [];
  #count = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get lines(): readonly OutputLine[] {
    return this.#keep === 0 ? [] : this.#lines.slice(-this.#keep);
  }

  /** The line, if there was one and no more. */
  get only(): OutputLine | undefined {
    return this.#count === 1 ? this.#lines[0] : undefined;
  }

  push(lines: readonly OutputLine[]): void {
    const room = Math.max(this.#keep, 1);
    this.#count += lines.length;
    const newest = lines.slice(-room);
    this.#lines = newest.length === room ? newest : [...this.#lines, ...newest].slice(-room);
  }
}
