/**
 * Counts the bytes of the event that is being received: all its lines, a byte for each line end. Comments are none of it: a
 * parser forgets them, and a stream may live on them for years.
 */
export class EventSize {
  readonly #most: number;
  #bytes = 0;
  #isAtLineStart = true;
  #isComment = false;
  #isAfterCr = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many bytes of `chunk` can be taken before the event becomes too large: all of them, if it does not. */
  admit(chunk: Uint8Array): number {
    const isHarmless = this.#bytes + chunk.length <= this.#most;
    const blank = isHarmless ? lastBlankLine(chunk) : -1;
    if (blank === -1) return this.#count(chunk, 0);
    this.#bytes = 0;
    this.#isAtLineStart = true;
    return this.#count(chunk, blank + 1);
  }

  #count(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === LF || byte === CR) {
        // The second half of a line end begins no line.
        if (byte === LF && this.#isAfterCr) this.#isAfterCr = false;
        else this.#endLine(byte);
      } else {
        this.#isAfterCr = false;
        if (this.#isAtLineStart) this.#isComment = byte === COLON;
        this.#isAtLineStart = false;
        if (!this.#isComment) this.#bytes++;
      }
      if (this.#bytes > this.#most) return at;
    }
    return chunk.length;
  }

  #endLine(byte: number): void {
    if (this.#isAtLineStart) this.#bytes = 0;
    else if (!this.#isComment) this.#bytes++;
    this.#isAtLineStart = true;
    this.#isAfterCr = byte === CR;
  }
}

/**
 * Where the last line end is that ends a blank line within `chunk`, or -1. Looking for it from behind saves looking at every
 * byte: most chunks end with an event.
 */
function lastBlankLine(chunk: Uint8Array): number {
  for (let at = chunk.length - 1; at > 0; at--) {
    const byte = chunk[at];
    if (byte !== LF && byte !== CR) continue;
    const before = chunk[at - 1];
    if (before === LF || (before === CR && byte === CR)) return at;
  }
  return -1;
}

const LF = 10;
const CR = 13;
const COLON = 58;
