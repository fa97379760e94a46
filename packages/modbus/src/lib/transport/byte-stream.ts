/** A connection that carries bytes; what they mean is the framing's business. */
export interface ByteStream {
  /** @returns milliseconds until the bytes have left; 0 where that takes no time to speak of. */
  write(bytes: Buffer): number;
  /** Ends it without a word to `onLost`; resolves when nothing of it is left. Safe to call again, and when lost. */
  close(): Promise<void>;
  /** Ends it, and tells `onLost` why: what came over it makes no sense. */
  lose(error: Error): void;
}

/** What a stream tells its owner, until it was lost or closed. */
export interface ByteStreamEvents {
  onBytes(chunk: Buffer): void;
  /** The stream is gone, and why; told once. */
  onLost(error: Error): void;
}

/** Opens a stream to one place; rejects with the signal's reason when it aborts. */
export type OpenByteStream = (events: ByteStreamEvents, signal: AbortSignal) => Promise<ByteStream>;
