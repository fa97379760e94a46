import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { encode, framesOf } from "./mbap.ts";
import type { Memory } from "./memory.ts";
import { answerTo } from "./pdu.ts";

export interface ModbusServerOptions {
  /** The server listens on this machine only. */
  readonly port: number;
  /** What the unit with this id has; one that has nothing at all does not answer. Units that have the same are one device. */
  readonly memoryOf: (unitId: number) => Memory | undefined;
  /** Told of what keeps the server from its work. */
  readonly onFault: (error: unknown) => void;
}

/** A Modbus TCP device, with one unit or several behind it. */
export class ModbusServer {
  readonly #memoryOf: (unitId: number) => Memory | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #hangs = false;
  #isClosing = false;

  private constructor({ memoryOf, onFault }: ModbusServerOptions) {
    this.#memoryOf = memoryOf;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#serve(socket).catch((error: unknown) => {
        if (!this.#isClosing) onFault(error);
      });
    });
  }

  /** Resolves when the server listens. */
  static async listen(options: ModbusServerOptions): Promise<ModbusServer> {
    const server = new ModbusServer(options);
    server.#server.listen(options.port, "127.0.0.1");
    await once(server.#server, "listening");
    server.#server.on("error", options.onFault);
    return server;
  }

  /** From now on it takes requests and answers none. */
  hang(): void {
    this.#hangs = true;
  }

  /** From now on it answers; what came while it hung stays without an answer. */
  recover(): void {
    this.#hangs = false;
  }

  /** Breaks all connections, so that their other ends see a RST. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Ends server and connections; resolves when nothing of them is left. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // Its frames end when it breaks; what is written to it then must not be an unhandled 'error'.
    socket.on("error", () => {});
    for await (const { transactionId, unitId, pdu } of framesOf(socket)) {
      const memory = this.#memoryOf(unitId);
      if (this.#hangs || memory === undefined) continue;
      socket.write(encode({ transactionId, unitId, pdu: answerTo(pdu, memory) }));
    }
    socket.destroy();
  }
}
