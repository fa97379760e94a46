import { connect, type Socket } from "node:net";
import { ModbusClosedError, ModbusConnectError } from "../errors.ts";
import { attempt, type NetworkTarget } from "./attempt.ts";
import type { ByteStream, ByteStreamEvents } from "./byte-stream.ts";

/**
 * Connects over TCP. Of an attempt that fails nothing is left.
 *
 * @throws {@link ModbusConnectError} if there is no connection in time, and the signal's reason if it aborts before.
 */
export function openTcpStream(
  target: NetworkTarget,
  events: ByteStreamEvents,
  signal: AbortSignal,
): Promise<ByteStream> {
  return attempt(target, "connection", signal, (scope) => connectTo(target, events, scope));
}

function connectTo(
  { host, port, address }: NetworkTarget,
  events: ByteStreamEvents,
  signal: AbortSignal,
): Promise<ByteStream> {
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
      signal.removeEventListener("abort", onAbort);
      socket.off("connect", onConnect).off("error", onError);
    };
    const abandon = (reason: unknown) => {
      settle();
      // What the attempt still has to say comes after its end, and must not be an unhandled 'error'.
      socket.on("error", ignore).destroy();
      reject(reason);
    };
    const onConnect = () => {
      settle();
      resolve(new TcpStream(socket, address, events));
    };
    const onError = (cause: Error) =>
      abandon(
        new ModbusConnectError(`Cannot connect to ${address}: ${reasonOf(cause)}`, { cause }),
      );
    const onAbort = () => abandon(signal.reason);
    signal.addEventListener("abort", onAbort);
    socket.on("connect", onConnect).on("error", onError);
  });
}

class TcpStream implements ByteStream {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #events: ByteStreamEvents;
  readonly #gone: Promise<void>;
  #state: "open" | "lost" | "closed" = "open";

  constructor(socket: Socket, address: string, events: ByteStreamEvents) {
    this.#socket = socket;
    this.#address = address;
    this.#events = events;
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve()));
    socket
      .on("data", (chunk: Buffer) => this.#receive(chunk))
      .on("end", () => this.lose(this.#closed("the device closed it")))
      .on("error", (cause) => this.lose(this.#closed(reasonOf(cause), { cause })))
      .on("close", () => this.lose(this.#closed("the socket was closed")));
  }

  write(bytes: Buffer): number {
    this.#socket.write(bytes);
    return 0;
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

  lose(error: Error): void {
    if (this.#state !== "open") return;
    this.#state = "lost";
    this.#socket.destroy();
    this.#events.onLost(error);
  }

  /** A closing stream reads on, as a socket whose data nobody takes never sees its end. */
  #receive(chunk: Buffer): void {
    if (this.#state === "open") this.#events.onBytes(chunk);
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
