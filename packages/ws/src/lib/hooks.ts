import type { WebSocketMessage } from "./data.ts";
import type { WebSocketClose } from "./errors.ts";

/** Functions that are told what happens. What they throw or reject with is logged, and changes nothing. */
export interface WebSocketHooks {
  /** The connection is there, in each life: its URL, without user name and password. */
  readonly onConnect?: ((url: string) => void) | undefined;
  /** A message came. The next one is not held back for what this returns. */
  readonly onMessage?: ((message: WebSocketMessage) => void) | undefined;
  /** A connection that `onConnect` was told of has ended, whoever ended it. */
  readonly onClose?: ((close: WebSocketClose) => void) | undefined;
  /** The life crashes: no connection came about, or it was lost. */
  readonly onError?: ((error: Error) => void) | undefined;
}
