/**
 * What a transport is: a connection and its framing. It carries messages, each a unit id with a PDU, and knows nothing of
 * requests. TCP gives each message the transaction id that came with it.
 */
export interface Link {
  send(transactionId: number, message: Uint8Array): void;
  /** Ends the link without a word to `onLost`; resolves when nothing of it is left. Safe to call again, and when lost. */
  close(): Promise<void>;
}

/** What a link tells its owner, until it was lost or closed. */
export interface LinkEvents {
  onMessage(transactionId: number, message: Buffer): void;
  /** The link is gone, and why; told once. */
  onLost(error: Error): void;
}

/** Opens a link of one transport to one place; rejects with the signal's reason when it aborts. */
export type OpenLink = (events: LinkEvents, signal: AbortSignal) => Promise<Link>;
