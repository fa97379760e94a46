import type { OutputLine } from "./output-line.ts";

/**
 * Cuts a stream of bytes into lines. A line ends with LF or CRLF, wherever the stream is split into chunks; it holds at
 * most `limit` bytes, and never more than that is kept of one that is not finished.
 *
 * Bytes are decoded a line or more at a time: LF is no part of any other character of UTF-8, so none is torn apart.
 */
export class LineSplitter {
  readonly #stream: OutputLine["stream"];
  readonly #limit: number;
  readonly #take: (line: OutputLine) => void;
  /** The begin of a line whose end has not come: up to one byte more than the limit, which may be the CR of its end. */
  #parts: Buffer[] = [];
  #kept = 0;
  /** Whether more of that line came than is kept. */
  #overlong = false;

  constructor(stream: OutputLine["stream"], limit: number, take: (line: OutputLine) => void) {
    this.#stream = stream;
    this.#limit = limit;
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(lf);
    if (last === -1) return this.#keep(chunk);
    let start = 0;
    if (this.#kept > 0) {
      start = chunk.indexOf(lf) + 1;
      this.#keep(chunk.subarray(0, start - 1));
      this.#finish(true);
    }
    if (start <= last) this.#split(chunk, start, last);
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
  }

  /** The stream is over: what is left is a line without an end. */
  end(): void {
    if (this.#kept > 0) this.#finish(false);
  }

  /** Takes the whole lines from `start` to the LF at `last`. */
  #split(chunk: Buffer, start: number, last: number): void {
    const text = chunk.toString("utf8", start, last + 1);
    if (last - start > this.#limit && this.#mayBeOverlong(text))
      return this.#splitBytes(chunk, start, last);
    const stream = this.#stream;
    const take = this.#take;
    // One after the other: an array of all of them lives long enough to be moved by the collector, and costs a third more.
    for (let begin = 0; begin < text.length;) {
      const end = text.indexOf("\n", begin);
      const line = text.slice(begin, text.charCodeAt(end - 1) === cr ? end - 1 : end);
      take({ stream, line, truncated: false });
      begin = end + 1;
    }
  }

  /** A code unit stands for at most 3 bytes, so that the bytes are looked at only when a line may be too long. */
  #mayBeOverlong(text: string): boolean {
    return text.split("\n").some(({ length }) => length * 3 > this.#limit);
  }

  #splitBytes(chunk: Buffer, start: number, last: number): void {
    while (start <= last) {
      const end = chunk.indexOf(lf, start);
      this.#keep(chunk.subarray(start, end));
      this.#finish(true);
      start = end + 1;
    }
  }

  #keep(bytes: Buffer): void {
    const room = this.#limit + 1 - this.#kept;
    if (bytes.length > room) this.#overlong = true;
    const fits = bytes.subarray(0, room);
    if (fits.length === 0) return;
    // A copy, so that the begin of a line does not hold on to the 64 KiB that it came in.
    this.#parts.push(Buffer.from(fits));
    this.#kept += fits.length;
  }

  #finish(hasEnd: boolean): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const isCrlf = hasEnd && !this.#overlong && bytes.at(-1) === cr;
    const length = isCrlf ? bytes.length - 1 : bytes.length;
    const truncated = length > this.#limit;
    this.#parts = [];
    this.#kept = 0;
    this.#overlong = false;
    const line = bytes.toString("utf8", 0, truncated ? boundary(bytes, this.#limit) : length);
    this.#take({ stream: this.#stream, line, truncated });
  }
}

/** The last begin of a character of UTF-8 at or before `index`, so that a cut leaves none torn apart. */
function boundary(bytes: Buffer, index: number): number {
  let start = index;
  while (start > index - 4 && start > 0 && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}

const lf = 0x0a;
const cr = 0x0d;
