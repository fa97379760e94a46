/**
 * What a transport is: a connection and its framing. It carries messages, each a unit id with a PDU, and knows nothing of
 * requests. TCP and UDP give each message the transaction id that came with it; a line has none, and gives what answers
 * the message that it sent last the id of that.
 */
export interface Link {
  /** There where messages bear no ids: one request at a time, and silence between two of them. */
  readonly line?: LineTurns | undefined;
  /** Of a line: what came since the last message was sent, and is no answer to it. */
  readonly rest?: Buffer | undefined;
  /** @returns milliseconds until the message has left; 0 where that takes no time to speak of. */
  send(transactionId: number, message: Buffer): number;
  /** Ends the link without a word to `onLost`; resolves when nothing of it is left. Safe to call again, and when lost. */
  close(): Promise<void>;
}

/** What a link tells its owner, until it was lost or closed. */
export interface LinkEvents {
  onMessage(transactionId: number, message: Buffer): void;
  /** Bytes were dropped, as they are no message, or none that could be awaited. */
  onDropped(bytes: Buffer): void;
  /** The link is gone, and why; told once. */
  onLost(error: Error): void;
}

/** Opens a link of one transport to one place; rejects with the signal's reason when it aborts. */
export type OpenLink = (events: LinkEvents, signal: AbortSignal) => Promise<Link>;

/** Whose turn it is on a line. */
export interface LineTurns {
  /** Milliseconds that a broadcast is given, as nobody answers it. */
  readonly turnaround: number;
  /**
   * Calls `go` when the line is free and has been silent for its quiet time; at once if it is so now. The line is then
   * taken, until it is released.
   *
   * @returns a function that withdraws a `go` that was not called yet
   */
  take(go: () => void): () => void;
  /** The line is free again, but for a late answer that may come within that many milliseconds from now. */
  release(uncertainFor?: number): void;
}
