import type { OutputLine } from "./output-line.ts";

/** What `lines` returns. */
export type LineIterator = AsyncIterableIterator<OutputLine, undefined> & AsyncDisposable;

type Result = IteratorResult<OutputLine, undefined>;

const over: Result = { value: undefined, done: true };

/** One iteration over lines, and those that it has not come to yet. */
export class LineReader implements AsyncIterableIterator<OutputLine, undefined> {
  readonly #onRead: () => void;
  readonly #onEnd: () => void;
  #lines: OutputLine[] = [];
  /** How many of `#lines` were read. */
  #read = 0;
  #waiting: ((result: Result) => void)[] = [];
  #ended = false;

  constructor(onRead: () => void, onEnd: () => void) {
    this.#onRead = onRead;
    this.#onEnd = onEnd;
  }

  /** Lines that wait to be read. */
  get length(): number {
    return this.#lines.length - this.#read;
  }

  push(lines: readonly OutputLine[]): void {
    if (this.#ended) return;
    let next = 0;
    while (this.#waiting.length > 0 && next < lines.length) {
      this.#waiting.shift()!({ value: lines[next++]!, done: false });
    }
    for (; next < lines.length; next++) this.#lines.push(lines[next]!);
  }

  /** What is held can be read, and nothing comes after it. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const resolve of this.#waiting) resolve(over);
    this.#waiting = [];
    this.#onEnd();
  }

  /** Nothing is read any more. */
  cancel(): void {
    this.#lines = [];
    this.#read = 0;
    this.end();
  }

  next(): Promise<Result> {
    if (this.#read < this.#lines.length)
      return Promise.resolve({ value: this.#shift(), done: false });
    if (this.#ended) return Promise.resolve(over);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<Result> {
    this.cancel();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
  }

  #shift(): OutputLine {
    const line = this.#lines[this.#read++]!;
    if (this.#read === this.#lines.length) {
      this.#lines = [];
      this.#read = 0;
      this.#onRead();
    }
    return line;
  }
}
