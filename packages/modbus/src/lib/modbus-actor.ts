import { type Actor, type ActorContext, type CallOptions, Mailbox } from "@sup/core";
import { Connection, type Outcome } from "./connection.ts";
import { callHook } from "./hooks.ts";
import { type ModbusActorOptions, type Settings, settingsOf } from "./options.ts";
import {
  maskWriteRegister,
  type ModbusAnswer,
  type ModbusRequest,
  readBits,
  readRegisters,
  readWriteRegisters,
  writeCoil,
  writeCoils,
  writeRegister,
  writeRegisters,
} from "./request.ts";
import { type Transport, transportOf } from "./transport/transport.ts";

/** What the mailbox of a `ModbusActor` takes. Its methods validate and queue; nobody else should. */
export interface ModbusProtocol {
  request(request: ModbusRequest): ModbusAnswer;
}

/**
 * A Modbus device as an actor: one connection per life, one request at a time.
 *
 * Requests wait in the mailbox while there is no connection, until their own `timeout` or `signal`. A request that is on
 * the wire when the connection is lost rejects with `ModbusClosedError` and is not sent again; the actor crashes, and its
 * supervisor connects anew. Each method rejects with
 * - `TypeError` or `RangeError` for what the specification forbids (Modbus Application Protocol V1.1b3, section 6), before
 *   anything is queued,
 * - `ModbusExceptionError` when the device refuses,
 * - `ModbusTimeoutError` when the device does not answer within the actor's `timeout`,
 * - `ModbusFrameError` when its answer is not one to the request,
 * - `ModbusClosedError` when the connection is lost under it,
 * - a `TimeoutError` or the signal's reason when the call's own `timeout` or `signal` ends it,
 * - `ActorStoppedError` when the actor is stopped for good.
 *
 * @example
 * ```ts
 * const plc = new ModbusActor("plc", { transport: "tcp", host: "192.168.1.50", timeout: 2_000 });
 * await using root = new Supervisor("root", { actors: [plc], policy: "permanent" });
 * root.start();
 *
 * const [pressure, temperature] = await plc.readHoldingRegisters(100, 2);
 * ```
 */
export class ModbusActor implements Actor {
  readonly name: string;
  /** What dashboards group by. */
  readonly kind = "modbus";
  /** Where requests wait for their turn, and for a connection. */
  readonly mailbox: Mailbox<ModbusProtocol>;
  readonly #settings: Settings;
  readonly #transport: Transport;

  /** @throws TypeError or RangeError that names the option and the rule. */
  constructor(name: string, options: ModbusActorOptions) {
    this.#settings = settingsOf(name, options);
    this.#transport = transportOf(this.#settings);
    this.name = name;
    this.mailbox = new Mailbox<ModbusProtocol>({ capacity: this.#settings.capacity });
  }

  /** Function 1: `quantity` coils (1 to 2,000) from `address` on. */
  readCoils(address: number, quantity: number, options?: CallOptions): Promise<boolean[]> {
    return this.#call((unitId) => readBits(1, unitId, address, quantity), options);
  }

  /** Function 2: `quantity` discrete inputs (1 to 2,000) from `address` on. */
  readDiscreteInputs(address: number, quantity: number, options?: CallOptions): Promise<boolean[]> {
    return this.#call((unitId) => readBits(2, unitId, address, quantity), options);
  }

  /** Function 3: `quantity` holding registers (1 to 125) from `address` on, each 0 to 65,535. */
  readHoldingRegisters(
    address: number,
    quantity: number,
    options?: CallOptions,
  ): Promise<number[]> {
    return this.#call((unitId) => readRegisters(3, unitId, address, quantity), options);
  }

  /** Function 4: `quantity` input registers (1 to 125) from `address` on, each 0 to 65,535. */
  readInputRegisters(address: number, quantity: number, options?: CallOptions): Promise<number[]> {
    return this.#call((unitId) => readRegisters(4, unitId, address, quantity), options);
  }

  /** Function 5: one coil. */
  writeCoil(address: number, value: boolean, options?: CallOptions): Promise<void> {
    return this.#call((unitId) => writeCoil(unitId, address, value), options);
  }

  /** Function 6: one holding register, 0 to 65,535. */
  writeRegister(address: number, value: number, options?: CallOptions): Promise<void> {
    return this.#call((unitId) => writeRegister(unitId, address, value), options);
  }

  /** Function 15: coils (1 to 1,968) from `address` on. */
  writeCoils(address: number, values: readonly boolean[], options?: CallOptions): Promise<void> {
    return this.#call((unitId) => writeCoils(unitId, address, values), options);
  }

  /** Function 16: holding registers (1 to 123) from `address` on. */
  writeRegisters(address: number, values: readonly number[], options?: CallOptions): Promise<void> {
    return this.#call((unitId) => writeRegisters(unitId, address, values), options);
  }

  /** Function 22: the device sets a register to (its value AND `andMask`) OR (`orMask` AND NOT `andMask`). */
  maskWriteRegister(
    address: number,
    andMask: number,
    orMask: number,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call((unitId) => maskWriteRegister(unitId, address, andMask, orMask), options);
  }

  /** Function 23: the device writes `values` (1 to 121) from `writeAddress` on, then reads `quantity` registers (1 to 125). */
  readWriteRegisters(
    readAddress: number,
    quantity: number,
    writeAddress: number,
    values: readonly number[],
    options?: CallOptions,
  ): Promise<number[]> {
    return this.#call(
      (unitId) => readWriteRegisters(unitId, readAddress, quantity, writeAddress, values),
      options,
    );
  }

  /** One life: connects, then serves the mailbox until the connection is lost or `context.signal` aborts. */
  async run(context: ActorContext): Promise<void> {
    const connection = await this.#connect(context);
    context.defer(() => connection.close(context.signal.reason));
    context.ready();
    await this.mailbox.serve(
      context,
      {
        request: (request: ModbusRequest, { signal }) =>
          this.#perform(connection, request, signal, context),
      },
      // What makes a life crash is the loss of its connection, which it is told; a request that fails is its caller's.
      { isFatal: () => false },
    );
  }

  /** The promise may be ignored when the request fails later, as the mailbox's; not when it never was a valid one. */
  #call<Request extends ModbusRequest>(
    requestFor: (unitId: number) => Request,
    options: CallOptions | undefined,
  ): Promise<ModbusAnswer<Request>> {
    try {
      return this.mailbox.call("request", requestFor(this.#settings.unitId), options) as Promise<
        ModbusAnswer<Request>
      >;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #connect({ signal, logger, fail }: ActorContext): Promise<Connection> {
    const { unitId, timeout, failAfter, onConnect, onError } = this.#settings;
    const { name, address, open } = this.#transport;
    const connection = new Connection(
      { address, timeout, failAfter },
      {
        onLost: (error) => {
          fail(error);
          callHook("onError", onError, error, logger);
        },
        onDropped: (transactionId, message) =>
          logger.debug(
            { transactionId, message: message.toString("hex") },
            "dropped an answer that nobody waits for",
          ),
      },
    );
    try {
      await connection.open(open, signal);
    } catch (error) {
      if (!signal.aborted) callHook("onError", onError, error as Error, logger);
      throw error;
    }
    logger.info({ transport: name, address, unitId }, "connected");
    callHook("onConnect", onConnect, { transport: name, address, unitId }, logger);
    return connection;
  }

  #perform(
    connection: Connection,
    request: ModbusRequest,
    signal: AbortSignal,
    { logger }: ActorContext,
  ): Promise<ModbusAnswer> {
    const { onRequest, onResponse } = this.#settings;
    const { functionCode, unitId, address, quantity } = request;
    const info = { functionCode, unitId, address, quantity };
    callHook("onRequest", onRequest, info, logger);
    const start = performance.now();
    return new Promise((resolve, reject) => {
      connection.request(request, signal, (outcome) => {
        if ("answer" in outcome) resolve(outcome.answer);
        else reject(outcome.error);
        if (onResponse === undefined) return;
        callHook(
          "onResponse",
          onResponse,
          { ...info, ...resultOf(outcome), duration: performance.now() - start },
          logger,
        );
      });
    });
  }
}

/** The hook gets a copy: what it does to it is not done to the caller's. */
function resultOf(outcome: Outcome): { data: boolean[] | number[] | undefined; error: unknown } {
  if ("error" in outcome) return { data: undefined, error: outcome.error };
  return { data: outcome.answer?.slice(), error: undefined };
}
