import type { StreamRequest } from "../request/request.ts";

/**
 * Sends a request; resolves to the response when its head is there. When `signal` aborts before, it rejects with the
 * signal's reason, and nothing is left of the exchange.
 */
export type Transport = (request: StreamRequest, signal: AbortSignal) => Promise<Exchange>;

/** A response, of which the body is still to come. */
export interface Exchange {
  readonly status: number;
  /** Where it comes from, if the transport has followed redirects itself. */
  readonly url: URL | undefined;
  /** How the bytes of the body are still encoded, as by compression; `undefined` or `""` if they are not. */
  readonly encoding: string | undefined;
  header(name: string): string | undefined;
  /** Begins to read the body; may be called once. */
  read(reader: BodyReader): void;
  /** Ends it, wherever it is; resolves when nothing of it is left. The reader may still be told of the end. */
  close(): Promise<void>;
}

/** What is told of a body, in this order. */
export interface BodyReader {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** It is complete, or (with a cause) broken off. */
  readonly onEnd: (cause?: unknown) => void;
}
