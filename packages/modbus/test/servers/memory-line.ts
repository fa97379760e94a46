import type { ByteStreamEvents, OpenByteStream } from "../../src/lib/transport/byte-stream.ts";

/** A line in memory: what is written to it goes to `onWrite`, and `say` puts bytes on it. Writing takes `duration` ms. */
export class MemoryLine {
  readonly written: string[] = [];
  readonly duration: number;
  onWrite: (bytes: Buffer) => void = () => {};
  #events: ByteStreamEvents | undefined;

  constructor(duration = 0) {
    this.duration = duration;
  }

  readonly open: OpenByteStream = (events) => {
    this.#events = events;
    return Promise.resolve({
      write: (bytes) => {
        this.written.push(bytes.toString("hex"));
        this.onWrite(bytes);
        return this.duration;
      },
      close: () => Promise.resolve(),
      lose: (error) => this.lose(error),
    });
  };

  say(bytes: Buffer): void {
    this.#events!.onBytes(bytes);
  }

  lose(error: Error): void {
    this.#events!.onLost(error);
  }
}
