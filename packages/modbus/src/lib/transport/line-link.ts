import type { OpenByteStream, ByteStream } from "./byte-stream.ts";
import type { Line } from "./line.ts";
import type { Link, LinkEvents } from "./link.ts";

/** How messages become bytes on a line, and how the answer to one is found in what comes. */
export interface LineFraming {
  encode(message: Buffer): Buffer;
  /** From now on the answer to `message` is looked for; without one nothing is. What came before is forgotten. */
  expect(message: Buffer | undefined): void;
  /** What was expected, once it came; it is then expected no more. */
  push(chunk: Buffer): Buffer | undefined;
  /** As `push`, when nothing came for a while: what seemed to be unfinished is all there will be. */
  settle(): Buffer | undefined;
  /** What came and is no answer; of a flood the end. */
  readonly rest: Buffer;
}

/** A link over a line: bytes of a stream in a framing without ids, so that only one request can be on it. */
export class LineLink implements Link {
  readonly line: Line;
  readonly #framing: LineFraming;
  readonly #events: LinkEvents;
  readonly #silence: number;
  #stream: ByteStream | undefined;
  #isOver = false;
  /** Under which the answer is expected. */
  #transactionId = 0;
  #silent: NodeJS.Timeout | undefined;

  private constructor(line: Line, framing: LineFraming, silence: number, events: LinkEvents) {
    this.line = line;
    this.#framing = framing;
    this.#silence = silence;
    this.#events = events;
  }

  /** @param silence - milliseconds after which bytes that may be the begin of an answer are taken to be all of it. */
  static async open(
    open: OpenByteStream,
    setup: { readonly line: Line; readonly framing: LineFraming; readonly silence: number },
    events: LinkEvents,
    signal: AbortSignal,
  ): Promise<Link> {
    const link = new LineLink(setup.line, setup.framing, setup.silence, events);
    setup.framing.expect(undefined);
    link.#stream = await open(
      {
        onBytes: (chunk) => link.#receive(chunk),
        onLost: (error) => {
          link.#end();
          events.onLost(error);
        },
      },
      signal,
    );
    return link;
  }

  get rest(): Buffer {
    return this.#framing.rest;
  }

  send(transactionId: number, message: Buffer): number {
    if (this.rest.length > 0) this.#events.onDropped(this.rest);
    this.#transactionId = transactionId;
    this.#framing.expect(message[0] === broadcast ? undefined : message);
    const duration = this.#stream!.write(this.#framing.encode(message));
    this.line.heard(duration);
    return duration;
  }

  async close(): Promise<void> {
    this.#end();
    await this.#stream?.close();
  }

  #receive(chunk: Buffer): void {
    if (this.#isOver) return;
    clearTimeout(this.#silent);
    this.line.heard();
    const answer = this.#framing.push(chunk);
    if (answer !== undefined) return this.#events.onMessage(this.#transactionId, answer);
    this.#silent = setTimeout(() => {
      const settled = this.#framing.settle();
      if (settled !== undefined) this.#events.onMessage(this.#transactionId, settled);
    }, this.#silence);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#silent);
    this.#framing.expect(undefined);
  }
}

/** Unit 0 is every unit of the line, and none answers (Modbus over Serial Line V1.02, section 2.1). */
const broadcast = 0;
