/** No connection came about: refused, unreachable, unknown host, no trust in its certificate, or not within `connectTimeout`. */
export class WebSocketConnectError extends Error {
  override readonly name = "WebSocketConnectError";
  readonly code = "WS_CONNECT";
  readonly retryable = true;
}

/** What the handshake needs could not be had: `headers` or `protocols` failed as a function, or gave what cannot be sent. */
export class WebSocketRequestError extends Error {
  override readonly name = "WebSocketRequestError";
  readonly code = "WS_REQUEST";
  /** True when the function failed, false when what it gave cannot be sent. */
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.retryable = retryable;
  }
}

/** The server answered, but not with a WebSocket: another status than 101, or a handshake that RFC 6455 section 4.1 refuses. */
export class WebSocketHandshakeError extends Error {
  override readonly name = "WebSocketHandshakeError";
  readonly code = "WS_HANDSHAKE";
  /** What the server answered. */
  readonly status: number;
  /** The beginning of what came with a status other than 101, for people to read: 1 KiB at most. */
  readonly body: string;
  /** True for the statuses that mean "not now": 408, 425, 429 and 500 or above. */
  readonly retryable: boolean;

  constructor(message: string, status: number, body: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.body = body;
    this.retryable = status >= 500 || passingStatuses.has(status);
  }
}

/** The connection ended, by a close frame of the peer or without one. */
export class WebSocketClosedError extends Error {
  override readonly name = "WebSocketClosedError";
  readonly code = "WS_CLOSED";
  /** The peer's close code; 1005 if it gave none, 1006 if there was no close frame (RFC 6455 section 7.4). */
  readonly closeCode: number;
  /** The peer's reason, or nothing. */
  readonly reason: string;
  /**
   * Messages whose `send` had resolved and of which no pong has told that they arrived: at most so many are lost with the
   * connection.
   */
  readonly unconfirmed: number;
  /** False for the codes with which a peer refuses what it was sent: 1002, 1003, and 1007 to 1010. */
  readonly retryable: boolean;

  constructor(
    message: string,
    { code, reason }: WebSocketClose,
    unconfirmed: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.closeCode = code;
    this.reason = reason;
    this.unconfirmed = unconfirmed;
    this.retryable = !refusals.has(code);
  }
}

/** The peer broke RFC 6455, or sent more than `maxPayload`; what ws found is the `cause`. */
export class WebSocketProtocolError extends Error {
  override readonly name = "WebSocketProtocolError";
  readonly code = "WS_PROTOCOL";
  readonly retryable = true;
  /** As in `WebSocketClosedError`. */
  readonly unconfirmed: number;

  constructor(message: string, unconfirmed: number, options?: ErrorOptions) {
    super(message, options);
    this.unconfirmed = unconfirmed;
  }
}

/** Nothing came from the peer for `idleTimeout` milliseconds, no answer to a ping either: it is dead. */
export class WebSocketIdleError extends Error {
  override readonly name = "WebSocketIdleError";
  readonly code = "WS_IDLE";
  readonly retryable = true;
  /** As in `WebSocketClosedError`. */
  readonly unconfirmed: number;

  constructor(message: string, unconfirmed: number) {
    super(message);
    this.unconfirmed = unconfirmed;
  }
}

/** How a connection ended (RFC 6455 section 7.1.5). */
export interface WebSocketClose {
  /** 1005 without a code, 1006 without a close frame. */
  readonly code: number;
  /** What the close frame gave as the reason, or nothing. */
  readonly reason: string;
}

const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);
const refusals: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010]);
