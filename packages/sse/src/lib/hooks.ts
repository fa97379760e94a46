import type { SseEvent } from "./stream/event-stream.ts";

/** Functions that are told what happens. What they throw or reject with is logged, and changes nothing. */
export interface SseHooks {
  /** The stream is there, in each life. */
  readonly onConnect?: ((connection: SseConnectionInfo) => void) | undefined;
  /** An event came. The next one is not held back for what this returns. */
  readonly onEvent?: ((event: SseEvent) => void) | undefined;
  /** The life crashes, or (a `SseRequestError`) connects without its last event id, which no header can carry. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A stream that was opened. */
export interface SseConnectionInfo {
  /** Where it comes from after redirects, without user name and password. */
  readonly url: string;
  /** The id that was sent as `Last-Event-ID`; empty when none was. */
  readonly lastEventId: string;
}
