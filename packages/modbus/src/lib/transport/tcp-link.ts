import { connect, type Socket } from "node:net";
import { startDeadline } from "../deadline.ts";
import { ModbusClosedError, ModbusConnectError } from "../errors.ts";
import type { Link, LinkEvents } from "./link.ts";
import { encodeMbap, MbapDeframer } from "./mbap.ts";

/** Where a Modbus TCP device is. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  /** Host and port as messages name them. */
  readonly address: string;
  /** Milliseconds that the attempt may take, name resolution included. */
  readonly connectTimeout: number;
}

/**
 * Connects to a Modbus TCP device. Of an attempt that fails nothing is left.
 *
 * @throws {@link ModbusConnectError} if there is no connection in time, and the signal's reason if it aborts before.
 */
export function openTcpLink(
  target: TcpTarget,
  events: LinkEvents,
  signal: AbortSignal,
): Promise<Link> {
  const { host, port, address, connectTimeout } = target;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelay,
    });
    const settle = () => {
      callOff();
      signal.removeEventListener("abort", onAbort);
      socket.off("connect", onConnect).off("error", onError);
    };
    const abandon = (reason: unknown) => {
      settle();
      // What the attempt still has to say comes after its end, and must not be an unhandled 'error'.
      socket.on("error", ignore).destroy();
      reject(reason);
    };
    const refuse = (why: string, options?: ErrorOptions) =>
      abandon(new ModbusConnectError(`Cannot connect to ${address}: ${why}`, options));
    const onConnect = () => {
      settle();
      resolve(new TcpLink(socket, address, events));
    };
    const onError = (cause: Error) => refuse(reasonOf(cause), { cause });
    const onAbort = () => abandon(signal.reason);
    const callOff = startDeadline(connectTimeout, () =>
      refuse(`no connection within ${connectTimeout} ms`),
    );
    signal.addEventListener("abort", onAbort);
    socket.on("connect", onConnect).on("error", onError);
  });
}

class TcpLink implements Link {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #events: LinkEvents;
  readonly #deframer: MbapDeframer;
  readonly #gone: Promise<void>;
  #state: "open" | "lost" | "closed" = "open";

  constructor(socket: Socket, address: string, events: LinkEvents) {
    this.#socket = socket;
    this.#address = address;
    this.#events = events;
    this.#deframer = new MbapDeframer(address);
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve()));
    socket
      .on("data", (chunk: Buffer) => this.#receive(chunk))
      .on("end", () => this.#lose(this.#closed("the device closed it")))
      .on("error", (cause) => this.#lose(this.#closed(reasonOf(cause), { cause })))
      .on("close", () => this.#lose(this.#closed("the socket was closed")));
  }

  send(transactionId: number, message: Uint8Array): void {
    this.#socket.write(encodeMbap(transactionId, message));
  }

  async close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closed";
      this.#socket.end();
      const grace = setTimeout(() => this.#socket.destroy(), closeGrace);
      void this.#gone.then(() => clearTimeout(grace));
    }
    await this.#gone;
  }

  #receive(chunk: Buffer): void {
    // A closing link reads on, as a socket whose data nobody takes never sees its end.
    if (this.#state !== "open") return;
    try {
      this.#deframer.push(chunk, this.#deliver);
    } catch (fault) {
      this.#lose(fault as Error);
    }
  }

  readonly #deliver = (transactionId: number, message: Buffer): void => {
    if (this.#state === "open") this.#events.onMessage(transactionId, message);
  };

  #lose(error: Error): void {
    if (this.#state !== "open") return;
    this.#state = "lost";
    this.#socket.destroy();
    this.#events.onLost(error);
  }

  #closed(why: string, options?: ErrorOptions): ModbusClosedError {
    return new ModbusClosedError(`Lost the connection to ${this.#address}: ${why}`, options);
  }
}

/** The `AggregateError` of a host with several addresses has an empty message; its code says it. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.message || error.code || error.name;
}

function ignore(): void {}

/** After that many silent milliseconds TCP probes find a device that vanished while nobody asked it anything. */
const keepAliveDelay = 30_000;

/**
 * Milliseconds that the device has to close its side as well. It has our FIN by then and sees a clean end in any case;
 * callers in the queue are told only after it, and the promise to them is 50 ms.
 */
const closeGrace = 20;
