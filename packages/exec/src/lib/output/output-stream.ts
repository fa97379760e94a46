import { errorMonitor } from "node:events";
import type { Readable, Writable } from "node:stream";
import { LineSplitter } from "./line-splitter.ts";
import type { OutputLine } from "./output-line.ts";

/** Who makes the process wait: those who read its lines, or the `Writable` that gets its bytes. */
type Holder = "readers" | "target";

/** More than this is not left in the pipe of a process that has ended: somebody who left its group writes on. */
const mostLeft = 4 * 1_048_576;

/** One stream of a process: its bytes go to a `Writable`, its lines to `onLine`. */
export class OutputStream {
  readonly #source: Readable;
  readonly #target: Writable | undefined;
  readonly #splitter: LineSplitter;
  readonly #holders: Set<Holder> = new Set();
  readonly #closed: Promise<void>;
  #letGo: () => void = () => {};
  /** Bytes that were read since the process has ended. */
  #drained: number | undefined;

  constructor(
    stream: OutputLine["stream"],
    source: Readable,
    target: Writable | undefined,
    maxLineLength: number,
    onLine: (line: OutputLine) => void,
  ) {
    this.#source = source;
    this.#target = target;
    this.#splitter = new LineSplitter(stream, maxLineLength, onLine);
    this.#closed = new Promise((resolve) => source.once("close", resolve));
    // Whatever it is, the end of the stream follows.
    source.on("error", () => {});
    source.on("data", (chunk: Buffer) => this.#read(chunk));
    source.once("end", () => this.#splitter.end());
  }

  /** Makes the process wait, as soon as its pipe is full. */
  hold(holder: Holder): void {
    if (this.#drained !== undefined) return;
    this.#holders.add(holder);
    this.#source.pause();
  }

  release(holder: Holder): void {
    if (this.#holders.delete(holder) && this.#holders.size === 0) this.#source.resume();
  }

  /** Reads on whoever holds it; resolves at the end. */
  async drain(): Promise<void> {
    this.#drained = 0;
    this.#holders.clear();
    this.#source.resume();
    await this.#closed;
  }

  close(): void {
    this.#source.destroy();
    this.#letGo();
    this.#splitter.end();
  }

  #read(chunk: Buffer): void {
    if (this.#drained !== undefined && (this.#drained += chunk.length) > mostLeft)
      this.#source.destroy();
    if (this.#target !== undefined) this.#copy(chunk, this.#target);
    this.#splitter.push(chunk);
  }

  #copy(chunk: Buffer, target: Writable): void {
    // One that was ended or destroyed takes no more; that is its owner's affair.
    if (!target.writable || target.write(chunk) || this.#drained !== undefined) return;
    const isHeld = this.#holders.has("target");
    this.hold("target");
    // Node reads on when the process exits, whoever paused it.
    if (isHeld) return;
    const letGo = () => {
      for (const event of endsOfWait) target.off(event, letGo);
      this.release("target");
    };
    for (const event of endsOfWait) target.on(event, letGo);
    this.#letGo = letGo;
  }
}

/** One that fails need not close; its error stays its owner's affair. */
const endsOfWait = ["drain", "close", errorMonitor] as const;
