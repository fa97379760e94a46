import { type Actor, type ActorContext, type CallOptions, Mailbox } from "@sup/core";
import { callHook, Check, explainTimeout, type Wait } from "@sup/core/adapter";
import { Connection, type Outcome } from "./connection/connection.ts";
import { isLine, type ModbusActorOptions, type Settings, settingsOf } from "./options.ts";
import { ReadBatches, type ReadBatch } from "./request/read-batch.ts";
import { readWholeIdentification } from "./request/identification.ts";
import { ModbusUnit } from "./modbus-unit.ts";
import { checkBroadcast } from "./request/broadcast.ts";
import { checkUnitId } from "./request/limits.ts";
import type { ReadDeviceIdentification } from "./request/pdu-request.ts";
import { actionOf, type ModbusAnswer, type ModbusRequest } from "./request/request.ts";
import { type Transport, transportOf } from "./transport/transport.ts";

/** What the mailbox of a `ModbusActor` takes. Its methods validate and queue; nobody else should. */
export interface ModbusProtocol {
  /** One request for the wire. */
  request(request: ModbusRequest): ModbusAnswer;
  /** Reads that go out together. */
  batch(batch: ReadBatch): void;
}

/**
 * A Modbus device, or a line with several, as an actor: one connection per life, one request at a time.
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
 * - the signal's reason when the call's own `signal` ends it, or when its `timeout` does a `TimeoutError` that says what it
 *   waited for; where that was a connection, the last error of it is the `cause`,
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
export class ModbusActor extends ModbusUnit implements Actor {
  readonly name: string;
  /** What dashboards group by. */
  readonly kind = "modbus";
  /** Where requests wait for their turn, and for a connection. */
  readonly mailbox: Mailbox<ModbusProtocol>;
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #batches: ReadBatches | undefined;
  /** Why there is no connection; `undefined` while there is one. */
  #outage: Omit<Wait, "missing"> | undefined = { why: "the actor was not started" };
  /** Requests with a timeout of their own that are not on the wire. */
  readonly #unsent: Set<ModbusRequest> = new Set();

  /** @throws TypeError or RangeError that names the option and the rule. */
  constructor(name: string, options: ModbusActorOptions) {
    super();
    this.#settings = settingsOf(name, options);
    this.#transport = transportOf(this.#settings);
    this.name = name;
    this.mailbox = new Mailbox<ModbusProtocol>({ capacity: this.#settings.capacity });
    if (this.#settings.batch) this.#batches = new ReadBatches(this.mailbox);
  }

  /** The unit of the options. */
  get unitId(): number {
    return this.#settings.unitId;
  }

  /**
   * Another unit on the same connection: its requests wait in the same queue. On a serial line unit 0 is all units: a write
   * resolves after the turnaround, and a read is refused.
   *
   * @throws TypeError or RangeError when there can be no such unit.
   *
   * @example
   * ```ts
   * const line = new ModbusActor("line", { transport: "rtu", path: "/dev/ttyUSB0" });
   * const energy = await line.unit(7).read(0, uint32());
   * ```
   */
  unit(unitId: number): ModbusUnit {
    const check = new Check(`reach a unit over Modbus actor ${JSON.stringify(this.name)}`);
    checkUnitId(check, unitId, isLine(this.#settings.transport));
    return new OtherUnit(unitId, (request, options) => this.send(request, options));
  }

  /** One life: connects, then serves the mailbox until the connection is lost or `context.signal` aborts. */
  async run(context: ActorContext): Promise<void> {
    if (this.#outage?.cause === undefined) this.#outage = { why: "still connecting" };
    const connection = await this.#connect(context);
    context.defer(() => {
      this.#outage ??= { why: "the actor was stopped" };
      return connection.close(context.signal.reason);
    });
    context.ready();
    await this.mailbox.serve(
      context,
      {
        request: (request: ModbusRequest, { signal }) => {
          const exchange = (part: ModbusRequest) =>
            this.#perform(connection, part, signal, context);
          if (!isIdentification(request)) return exchange(request);
          this.#unsent.delete(request);
          return readWholeIdentification(request, exchange);
        },
        batch: (batch: ReadBatch, { signal }) => {
          for (const read of batch.reads) this.#unsent.delete(read);
          return batch.perform((read) => this.#perform(connection, read, signal, context), signal);
        },
      },
      // What makes a life crash is the loss of its connection, which it is told; a request that fails is its caller's.
      { isFatal: () => false },
    );
  }

  protected send(request: ModbusRequest, options: CallOptions | undefined): Promise<ModbusAnswer> {
    if (isLine(this.#settings.transport)) checkBroadcast(request);
    const answer =
      this.#batches?.send(request, options) ?? this.mailbox.call("request", request, options);
    return options?.timeout === undefined ? answer : this.#explained(answer, request, options);
  }

  #explained(
    answer: Promise<ModbusAnswer>,
    request: ModbusRequest,
    options: CallOptions,
  ): Promise<ModbusAnswer> {
    this.#unsent.add(request);
    const action = `${actionOf(request)} of ${JSON.stringify(this.name)}`;
    const wait = (): Wait => {
      if (!this.#unsent.has(request)) return { missing: "no answer" };
      if (this.#outage !== undefined) return { missing: "no connection", ...this.#outage };
      return { missing: "not sent", why: "it waited for its turn" };
    };
    const outcome = explainTimeout(answer, action, options, wait);
    const forget = () => void this.#unsent.delete(request);
    outcome.then(forget, forget);
    return outcome;
  }

  async #connect({ signal, logger, fail }: ActorContext): Promise<Connection> {
    const { unitId, timeout, failAfter, onConnect, onError } = this.#settings;
    const { name, address, open } = this.#transport;
    const connection = new Connection(
      { address, timeout, failAfter },
      {
        onLost: (error) => {
          this.#outage = { why: error.message, cause: error };
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
      if (!signal.aborted) {
        this.#outage = { why: (error as Error).message, cause: error as Error };
        callHook("onError", onError, error as Error, logger);
      }
      throw error;
    }
    this.#outage = undefined;
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
    let start = 0;
    let isSent = false;
    return new Promise((resolve, reject) => {
      connection.request(request, signal, {
        onSend: () => {
          isSent = true;
          this.#unsent.delete(request);
          callHook("onRequest", onRequest, info, logger);
          start = performance.now();
        },
        onSettled: (outcome) => {
          if ("answer" in outcome) resolve(outcome.answer);
          else reject(outcome.error);
          if (onResponse === undefined || !isSent) return;
          callHook(
            "onResponse",
            onResponse,
            { ...info, ...resultOf(outcome), duration: performance.now() - start },
            logger,
          );
        },
      });
    });
  }
}

/** A unit that is not the actor's own. */
class OtherUnit extends ModbusUnit {
  readonly unitId: number;
  readonly #send: ModbusUnit["send"];

  constructor(unitId: number, send: ModbusUnit["send"]) {
    super();
    this.unitId = unitId;
    this.#send = send;
  }

  protected send(request: ModbusRequest, options: CallOptions | undefined): Promise<ModbusAnswer> {
    return this.#send(request, options);
  }
}

function isIdentification(request: ModbusRequest): request is ReadDeviceIdentification {
  return request.functionCode === 43 && !("bytes" in request);
}

/** The hook gets a copy: what it does to it is not done to the caller's. */
function resultOf(outcome: Outcome): { data: unknown; error: unknown } {
  if ("error" in outcome) return { data: undefined, error: outcome.error };
  const { answer } = outcome;
  const data = Buffer.isBuffer(answer) ? Buffer.from(answer) : structuredClone(answer);
  return { data, error: undefined };
}
