import type { FeedIterator, FeedReadOptions } from "@sup/core/adapter";

/** What can be sent: a string as a text message, bytes as a binary one. */
export type WebSocketData = string | ArrayBuffer | ArrayBufferView;

/** What came: text as a string, a binary message as a `Buffer`. */
export type WebSocketMessage = { readonly data: string } | { readonly data: Buffer };

/** Options of `WebSocketActor.messages`; a message past `buffer` pushes the oldest one out. */
export type WebSocketMessagesOptions = FeedReadOptions;

/** The messages of an actor from the creation of the iterator on, over its lives. */
export type WebSocketMessages = FeedIterator<WebSocketMessage>;

/** @throws TypeError */
export function checkData(action: string, data: unknown): void {
  if (typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return;
  const got = typeof data === "object" && data !== null ? "another object" : String(data);
  throw new TypeError(
    `Cannot ${action}: \`data\` must be a string, an ArrayBuffer or a view of one, got ${got}`,
  );
}

/** At most so many bytes are sent for `data`, without looking at each character. */
export function mostBytesOf(data: WebSocketData): number {
  return typeof data === "string" ? data.length * 3 : data.byteLength;
}

/** The bytes of `data`, shared with it where it has bytes already. */
export function bytesOf(data: WebSocketData): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
