/** Functions that are told what happens. What they throw or reject with is logged, and changes nothing. */
export interface ModbusHooks {
  /** The connection is there, in each life. */
  readonly onConnect?: ((connection: ModbusConnectionInfo) => void) | undefined;
  /** A request goes on the wire; with `batch`, one for several calls. */
  readonly onRequest?: ((request: ModbusRequestInfo) => void) | undefined;
  /** A request that `onRequest` was told of ended, with or without an answer. */
  readonly onResponse?: ((response: ModbusResponseInfo) => void) | undefined;
  /** The life crashes: no connection came about, or it was lost. Errors of requests go to `onResponse`. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A connection that was made. */
export interface ModbusConnectionInfo {
  /** How the device is reached. */
  readonly transport: "tcp" | "rtu" | "ascii" | "rtu-over-tcp" | "udp";
  /** Host and port, or the path of the serial port. */
  readonly address: string;
  /** The unit of the actor's options. */
  readonly unitId: number;
}

/** A request that goes on the wire. */
export interface ModbusRequestInfo {
  /** The function of the protocol, as 3 for reading holding registers. */
  readonly functionCode: number;
  /** The unit that it goes to. */
  readonly unitId: number;
  /** The first coil or register; of function 23 that of the read part. `undefined` where a function has none. */
  readonly address: number | undefined;
  /** Coils or registers from there on. */
  readonly quantity: number | undefined;
}

/** How a request ended. */
export interface ModbusResponseInfo extends ModbusRequestInfo {
  /**
   * What was read: booleans, registers, lists of them, a `Buffer`, or a page of the identification with its `objects` by
   * id; `undefined` for a write, and when there is an `error`.
   */
  readonly data: unknown;
  /** Why there is no answer; what the caller is told. */
  readonly error: unknown;
  /** Milliseconds from the wire to the end. */
  readonly duration: number;
}
