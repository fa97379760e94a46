import type { Readable, Writable } from "node:stream";
import { within } from "../process/within.ts";
import type { LineFeed } from "./line-feed.ts";
import type { OutputLine } from "./output-line.ts";
import { OutputStream } from "./output-stream.ts";

/** Where the output of a process comes from and goes to. */
export interface OutputRoute {
  readonly stream: OutputLine["stream"];
  readonly source: Readable | null;
  readonly target: Writable | undefined;
}

/** Reads what a process writes, as fast as the slowest of those who read it. */
export class ProcessOutput {
  readonly #streams: readonly OutputStream[];
  readonly #feed: LineFeed;

  /** @param onLines - told of all lines in the order in which they come, before the readers of `feed` get them. */
  constructor(
    routes: readonly OutputRoute[],
    maxLineLength: number,
    feed: LineFeed,
    onLines: (lines: readonly OutputLine[]) => void,
  ) {
    this.#feed = feed;
    this.#streams = routes.flatMap(({ stream, source, target }) =>
      source === null
        ? []
        : [
            new OutputStream(stream, source, target, maxLineLength, (lines) => {
              onLines(lines);
              feed.push(lines);
              if (feed.isFull) this.#hold();
            }),
          ],
    );
    feed.onRoom = () => {
      for (const stream of this.#streams) stream.release("readers");
    };
    if (feed.isFull) this.#hold();
  }

  /**
   * Reads what is left of a process that has ended, for `limit` milliseconds at most: nobody holds it up any more, as it is
   * no more than what the system keeps of its output.
   */
  async finish(limit: number): Promise<void> {
    this.#feed.onRoom = undefined;
    await within(limit, Promise.all(this.#streams.map((stream) => stream.drain())));
    for (const stream of this.#streams) stream.close();
  }

  #hold(): void {
    for (const stream of this.#streams) stream.hold("readers");
  }
}
