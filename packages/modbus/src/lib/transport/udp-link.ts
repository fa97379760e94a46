import { createSocket, type Socket } from "node:dgram";
import { ModbusClosedError, ModbusConnectError } from "../errors.ts";
import { attempt, type NetworkTarget } from "./attempt.ts";
import type { Link, LinkEvents } from "./link.ts";
import { encodeMbap, messageOfMbap } from "./mbap.ts";

/**
 * Modbus TCP's frames in datagrams, one in each, from and to one address. There is no connection that could fail: the link is
 * there once the name is resolved, and lost when the system says that nobody is there.
 *
 * @throws {@link ModbusConnectError} if the name cannot be resolved in time, and the signal's reason if it aborts before.
 */
export function openUdpLink(
  target: NetworkTarget,
  events: LinkEvents,
  signal: AbortSignal,
): Promise<Link> {
  return attempt(target, "address", signal, (scope) => connectTo(target, events, scope));
}

function connectTo(
  { host, port, address }: NetworkTarget,
  events: LinkEvents,
  signal: AbortSignal,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    let isSettled = false;
    const settle = (): boolean => {
      if (isSettled) return false;
      signal.removeEventListener("abort", onAbort);
      return (isSettled = true);
    };
    const abandon = (reason: unknown) => {
      if (!settle()) return;
      socket.close();
      reject(reason);
    };
    const refuse = (cause: Error) =>
      abandon(new ModbusConnectError(`Cannot connect to ${address}: ${cause.message}`, { cause }));
    const onAbort = () => abandon(signal.reason);
    signal.addEventListener("abort", onAbort);
    // Stays for good: what an attempt still has to say after its end must not be an unhandled 'error'.
    socket.on("error", refuse);
    socket.connect(port, host, (cause?: Error) => {
      if (cause) refuse(cause);
      else if (settle()) resolve(new UdpLink(socket, address, events));
    });
  });
}

class UdpLink implements Link {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #events: LinkEvents;
  readonly #gone: Promise<void>;
  #isOver = false;

  constructor(socket: Socket, address: string, events: LinkEvents) {
    this.#socket = socket;
    this.#address = address;
    this.#events = events;
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve()));
    socket
      .on("message", (datagram: Buffer) => this.#receive(datagram))
      .on("error", (cause) => this.#lose(cause));
  }

  send(transactionId: number, message: Buffer): number {
    if (this.#isOver) return 0;
    this.#socket.send(encodeMbap(transactionId, message), (cause) => {
      if (cause !== null) this.#lose(cause);
    });
    return 0;
  }

  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#socket.close();
    }
    await this.#gone;
  }

  #receive(datagram: Buffer): void {
    if (this.#isOver) return;
    const frame = messageOfMbap(datagram);
    // A datagram stands for itself: one that makes no sense says nothing about the next.
    if (frame === undefined) this.#events.onDropped(datagram);
    else this.#events.onMessage(frame.transactionId, frame.message);
  }

  #lose(cause: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.close();
    const message = `Lost the connection to ${this.#address}: ${cause.message}`;
    this.#events.onLost(new ModbusClosedError(message, { cause }));
  }
}
