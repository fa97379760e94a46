/** No response came about: refused, unreachable, unknown host, no HTTP, or nothing within `connectTimeout`. */
export class SseConnectError extends Error {
  override readonly name = "SseConnectError";
  readonly code = "SSE_CONNECT";
  readonly retryable = true;
}

/** The request could not be made as it was meant to be: the `headers` function failed, or an id fits no header. */
export class SseRequestError extends Error {
  override readonly name = "SseRequestError";
  readonly code = "SSE_REQUEST";
  /** True when the `headers` function failed, false when what should be sent cannot be. */
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.retryable = retryable;
  }
}

/** The server answered with a status that is neither 200 nor one of `stopOn`. */
export class SseStatusError extends Error {
  override readonly name = "SseStatusError";
  readonly code = "SSE_STATUS";
  /** What the server answered. */
  readonly status: number;
  /** Whether the status is one of `retryOn`. */
  readonly retryable: boolean;
  /** Milliseconds that the server asked to wait (`Retry-After`), as it said them. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    status: number,
    retryable: boolean,
    retryAfter: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = status;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** What the server answered is no event stream: another content type, a compressed one, or redirects without an end. */
export class SseResponseError extends Error {
  override readonly name = "SseResponseError";
  readonly code = "SSE_RESPONSE";
  readonly retryable = false;
}

/** The stream ended, or its connection was lost. */
export class SseClosedError extends Error {
  override readonly name = "SseClosedError";
  readonly code = "SSE_CLOSED";
  readonly retryable = true;
}

/** Not a byte came for `idleTimeout` milliseconds, comments included. */
export class SseIdleError extends Error {
  override readonly name = "SseIdleError";
  readonly code = "SSE_IDLE";
  readonly retryable = true;
}

/** One event had more than `maxEventSize` bytes; the events before it were delivered. */
export class SseEventTooLargeError extends Error {
  override readonly name = "SseEventTooLargeError";
  readonly code = "SSE_EVENT_TOO_LARGE";
  readonly retryable = false;
}
