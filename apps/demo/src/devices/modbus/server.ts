import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { encode, framesOf } from "./mbap.ts";
import type { Memory } from "./memory.ts";
import { answerTo } from "./pdu.ts";

/** When a device answers: at once, as it should; so many milliseconds later; never. */
export type Manner = "at once" | { readonly after: number } | "never";

export interface ModbusServerOptions {
  /** The server listens on this machine only. */
  readonly port: number;
  /** What the unit with this id has; units that have the same are one device. */
  readonly memoryOf: (unitId: number) => Memory;
  /** Told of what keeps the server from its work. */
  readonly onFault: (error: unknown) => void;
}

/** A Modbus TCP device, with one unit or several behind it. */
export class ModbusServer {
  readonly #memoryOf: (unitId: number) => Memory;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  #manner: Manner = "at once";

  private constructor({ memoryOf, onFault }: ModbusServerOptions) {
    this.#memoryOf = memoryOf;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#serve(socket).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) onFault(error);
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

  /** From now on; answers that are on their way stay as they are. */
  answer(manner: Manner): void {
    this.#manner = manner;
  }

  /** Breaks all connections, so that their other ends see a RST. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Ends server and connections; resolves when nothing of them is left. */
  async close(): Promise<void> {
    this.#closing.abort();
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
      const manner = this.#manner;
      if (manner === "never") continue;
      const answer = encode({ transactionId, unitId, pdu: answerTo(pdu, this.#memoryOf(unitId)) });
      if (manner !== "at once") await this.#wait(manner.after);
      socket.write(answer);
    }
    socket.destroy();
  }

  async #wait(duration: number): Promise<void> {
    await setTimeout(duration, undefined, { signal: this.#closing.signal });
  }
}
