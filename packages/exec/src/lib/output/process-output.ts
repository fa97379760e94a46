import type { Readable, Writable } from "node:stream";
import type { Feed } from "@sup/core/adapter";
import { within } from "../process/within.ts";
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
  #streams: readonly OutputStream[];
  readonly #feed: Feed<OutputLine>;
  #isHeld = false;

  /** @param onLine - told of each line in the order in which they come, before the readers of `feed` get it. */
  constructor(
    routes: readonly OutputRoute[],
    maxLineLength: number,
    feed: Feed<OutputLine>,
    onLine: (line: OutputLine) => void,
  ) {
    this.#feed = feed;
    this.#streams = routes.flatMap(({ stream, source, target }) =>
      source === null
        ? []
        : [
            new OutputStream(stream, source, target, maxLineLength, (line) => {
              onLine(line);
              this.#publish(line);
            }),
          ],
    );
    void this.#waitForRoom();
  }

  /**
   * Reads what is left of a process that has ended, for `limit` milliseconds at most: nobody holds it up any more, as it is
   * no more than what the system keeps of its output.
   */
  async finish(limit: number): Promise<void> {
    await within(limit, Promise.all(this.#streams.map((stream) => stream.drain())));
    for (const stream of this.#streams) stream.close();
    // What waits for room, and may do so for many lives, holds on to none of them.
    this.#streams = [];
  }

  #publish(line: OutputLine): void {
    if (!this.#feed.publish(line) && !this.#isHeld) void this.#waitForRoom();
  }

  async #waitForRoom(): Promise<void> {
    if (this.#feed.room === undefined) return;
    this.#isHeld = true;
    for (const stream of this.#streams) stream.hold("readers");
    for (let room = this.#feed.room; room !== undefined; room = this.#feed.room) await room;
    this.#isHeld = false;
    for (const stream of this.#streams) stream.release("readers");
  }
}
