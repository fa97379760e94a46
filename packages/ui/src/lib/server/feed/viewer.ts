import type { ServerResponse } from "node:http";

/** One open stream. What its reader did not take yet is at most one frame: while there is any, nothing is added. */
export class Viewer {
  /** The number of the last change that it was told. */
  seq: number;
  /** When something was written last, by the monotonic clock. */
  writtenAt: number = performance.now();
  /** Where it looks from. */
  readonly address: string;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, seq: number, address: string) {
    this.#response = response;
    this.address = address;
    this.seq = seq;
  }

  /** Whether its reader has not taken yet what was written before. */
  get isBusy(): boolean {
    return this.#response.writableLength > 0;
  }

  write(frame: Uint8Array | string): void {
    this.writtenAt = performance.now();
    this.#response.write(frame);
  }

  /** Ends the stream; who does not read does not hear of it. */
  end(): void {
    const isRead = !this.isBusy;
    this.#response.end();
    if (!isRead) this.#response.destroy();
  }
}
