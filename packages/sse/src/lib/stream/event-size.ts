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
    if (chunk.length === 0) return 0;
    // The second half of a line end begins no line.
    const start = this.#isAfterCr && chunk[0] === LF ? 1 : 0;
    this.#isAfterCr = false;
    const isHarmless = this.#bytes + chunk.length <= this.#most;
    const blank = isHarmless ? lastBlankLine(chunk) : -1;
    if (blank === -1) return this.#count(chunk, start);
    this.#bytes = 0;
    this.#isAtLineStart = true;
    return this.#count(chunk, blank + 1);
  }

  #count(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let lf = -1;
    let cr = -1;
    for (let at = from; at < length;) {
      if (lf < at) lf = nextOf(chunk, LF, at);
      if (cr < at) cr = nextOf(chunk, CR, at);
      const end = Math.min(lf, cr);
      if (end > at) this.#addText(chunk[at]!, end - at);
      if (end < length) this.#endLine();
      at = end + 1;
      if (this.#bytes > this.#most) return Math.min(at, length) - (this.#bytes - this.#most);
      if (end !== cr) continue;
      if (at === length) this.#isAfterCr = true;
      else if (chunk[at] === LF) at++;
    }
    return length;
  }

  #addText(first: number, size: number): void {
    if (this.#isAtLineStart) this.#isComment = first === COLON;
    this.#isAtLineStart = false;
    if (!this.#isComment) this.#bytes += size;
  }

  #endLine(): void {
    if (this.#isAtLineStart) this.#bytes = 0;
    else if (!this.#isComment) this.#bytes++;
    this.#isAtLineStart = true;
  }
}

/**
 * Where the last line end is that ends a blank line within `chunk`, or -1. Looking for it from behind saves looking at every
 * line: most chunks end with an event.
 */
function lastBlankLine(chunk: Uint8Array): number {
  let lf = chunk.length;
  let cr = chunk.length;
  for (let at = chunk.length - 1; at > 0; at--) {
    if (lf > at) lf = chunk.lastIndexOf(LF, at);
    if (cr > at) cr = chunk.lastIndexOf(CR, at);
    at = Math.max(lf, cr);
    const before = chunk[at - 1];
    if (before === LF || (before === CR && at === cr)) return at;
  }
  return -1;
}

/** Where `byte` is next, or the length of the chunk. */
function nextOf(chunk: Uint8Array, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? chunk.length : at;
}

const LF = 10;
const CR = 13;
const COLON = 58;
