import { type LineIterator, LineReader } from "./line-reader.ts";
import type { OutputLine } from "./output-line.ts";

/** Options of `lines`. */
export interface LinesOptions {
  /** Ends the iteration when it aborts; what was not read by then is dropped. */
  readonly signal?: AbortSignal | undefined;
}

/** Lines that a reader holds before the process is made to wait; what was on the way by then comes on top. */
const room = 256;

/** Hands the lines of all lives to those who iterate over them. It drops none: who is slow makes the process wait. */
export class LineFeed {
  /** Called when no reader is full any more. */
  onRoom: (() => void) | undefined;
  readonly #readers: Set<LineReader> = new Set();

  /** Adds a reader, which gets every line from now on. */
  read({ signal }: LinesOptions): LineIterator {
    const ended = new AbortController();
    const reader = new LineReader(
      () => this.#tellRoom(),
      () => {
        ended.abort();
        this.#readers.delete(reader);
        this.#tellRoom();
      },
    );
    this.#readers.add(reader);
    if (signal?.aborted) reader.cancel();
    else signal?.addEventListener("abort", () => reader.cancel(), { signal: ended.signal });
    return reader;
  }

  /** Whether some reader holds as much as it should. */
  get isFull(): boolean {
    for (const reader of this.#readers) if (reader.length >= room) return true;
    return false;
  }

  push(lines: readonly OutputLine[]): void {
    for (const reader of this.#readers) reader.push(lines);
  }

  /** There will be no more lines: readers end when they have read what they hold. */
  end(): void {
    for (const reader of this.#readers) reader.end();
  }

  #tellRoom(): void {
    if (!this.isFull) this.onRoom?.();
  }
}
