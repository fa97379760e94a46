/**
 * The device answered that it will not do what was asked (Modbus Application Protocol V1.1b3, section 7).
 * The connection is fine and the actor lives.
 */
export class ModbusExceptionError extends Error {
  override readonly name = "ModbusExceptionError";
  readonly code = "MODBUS_EXCEPTION";
  /** The code that the device sent, 1 to 11 by the specification. */
  readonly exceptionCode: number;
  /** What the specification calls it, as in "illegal data address". */
  readonly exceptionName: string;
  /** True for the codes that mean "not now": acknowledge, busy, and the gateway's two. */
  readonly retryable: boolean;

  constructor(action: string, exceptionCode: number, options?: ErrorOptions) {
    const exceptionName = exceptionNames[exceptionCode] ?? "unknown exception";
    super(
      `Cannot ${action}: the device answered ${exceptionName} (exception ${exceptionCode})`,
      options,
    );
    this.exceptionCode = exceptionCode;
    this.exceptionName = exceptionName;
    this.retryable = passingExceptions.has(exceptionCode);
  }
}

/**
 * A request was on the wire for `timeout` milliseconds without an answer; the actor lives. As the reason of a crash:
 * `failAfter` requests in a row had none. A write that timed out may have been carried out.
 */
export class ModbusTimeoutError extends Error {
  override readonly name = "ModbusTimeoutError";
  readonly code = "MODBUS_TIMEOUT";
  readonly retryable = true;
}

/** The connection was lost with the request on the wire; a write may have been carried out. */
export class ModbusClosedError extends Error {
  override readonly name = "ModbusClosedError";
  readonly code = "MODBUS_CLOSED";
  readonly retryable = true;
}

/**
 * What came is no Modbus. As the rejection of a request: its answer has the wrong length or echoes something else than
 * was written; on a serial line, what came within `timeout` was no answer to it, as the message shows. As the reason of a crash: the stream lost its framing.
 */
export class ModbusFrameError extends Error {
  override readonly name = "ModbusFrameError";
  readonly code = "MODBUS_FRAME";
  readonly retryable = true;
}

/**
 * No connection came about: refused, unreachable, unknown host, no such port or one that is in use, or not within
 * `connectTimeout`.
 */
export class ModbusConnectError extends Error {
  override readonly name = "ModbusConnectError";
  readonly code = "MODBUS_CONNECT";
  /** False when the package for serial lines is not installed. */
  readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly retryable?: boolean }) {
    super(message, options);
    this.retryable = options?.retryable ?? true;
  }
}

const exceptionNames: Readonly<Record<number, string>> = {
  1: "illegal function",
  2: "illegal data address",
  3: "illegal data value",
  4: "server device failure",
  5: "acknowledge",
  6: "server device busy",
  7: "negative acknowledge",
  8: "memory parity error",
  10: "gateway path unavailable",
  11: "gateway target device failed to respond",
};

const passingExceptions: ReadonlySet<number> = new Set([5, 6, 10, 11]);
