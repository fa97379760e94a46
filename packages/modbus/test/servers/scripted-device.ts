import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { encodeMbap, MbapDeframer } from "../../src/lib/transport/mbap.ts";

/** A request as it reached the device, with the connection to misbehave on. */
export interface DeviceRequest {
  readonly id: number;
  /** Unit id and PDU. */
  readonly message: Buffer;
  readonly socket: Socket;
  /** Sends a frame: unit id and PDU as hex, under the request's transaction id or another one. */
  readonly answer: (message: string, id?: number) => void;
}

export type DeviceScript = (request: DeviceRequest) => void;

/** A Modbus TCP device that does with each request what the test says, on a free port of loopback. */
export class ScriptedDevice {
  /** Unit id and PDU of every request that came, as hex. */
  readonly requests: string[] = [];
  readonly sockets: Set<Socket> = new Set();
  /** Connections so far. */
  connections = 0;
  script: DeviceScript;
  port = 0;
  readonly #server: Server;
  readonly #events = new EventEmitter();

  private constructor(script: DeviceScript) {
    this.script = script;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async start(script: DeviceScript, port = 0): Promise<ScriptedDevice> {
    const device = new ScriptedDevice(script);
    device.port = port;
    await device.listen();
    return device;
  }

  /** Listens on the port that it had before. */
  async listen(): Promise<void> {
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when that many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#events, "request");
  }

  /** Resolves when that many connections have been made. */
  async connected(count: number): Promise<void> {
    while (this.connections < count) await once(this.#events, "connection");
  }

  /** Resolves when no connection is left. */
  async deserted(): Promise<void> {
    while (this.sockets.size > 0) await once(this.#events, "close");
  }

  /** Breaks the connections that there are, one at least. */
  async disconnect(): Promise<void> {
    while (this.sockets.size === 0) await once(this.#events, "connection");
    for (const socket of this.sockets) socket.destroy();
    await this.deserted();
  }

  /** Stops listening and breaks what is connected. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const deframer = new MbapDeframer("the test");
    this.connections++;
    this.sockets.add(socket);
    socket.on("data", (chunk: Buffer) =>
      deframer.push(chunk, (id, message) => {
        this.requests.push(message.toString("hex"));
        this.script({
          id,
          message,
          socket,
          answer: (hex, other = id) => void socket.write(frame(other, hex)),
        });
        this.#events.emit("request");
      }),
    );
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.#events.emit("close");
    });
    this.#events.emit("connection");
  }
}

/** The bytes of a frame: unit id and PDU are given as hex. */
export function frame(id: number, message: string): Buffer {
  return encodeMbap(id, Buffer.from(message.replaceAll(" ", ""), "hex"));
}

/** Answers a read of registers with their own addresses, and any write with its echo. */
export const wellBehaved: DeviceScript = ({ message, answer }) => answer(properAnswer(message));

/** The answer of a device whose registers hold their own addresses. */
function properAnswer(message: Buffer): string {
  const head = message.toString("hex", 0, 2);
  const address = message.readUInt16BE(2);
  switch (message[1]) {
    case 3:
    case 4: {
      const registers = Array.from(
        { length: message.readUInt16BE(4) },
        (_, index) => address + index,
      );
      return (
        head + (registers.length * 2).toString(16).padStart(2, "0") + registers.map(word).join("")
      );
    }
    case 22:
      return message.toString("hex", 0, 8);
    default:
      return message.toString("hex", 0, 6);
  }
}

function word(value: number): string {
  return value.toString(16).padStart(4, "0");
}
