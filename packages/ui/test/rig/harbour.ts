import { once } from "node:events";
import { createServer, Server } from "node:net";

/** The port of a dashboard, where a test does harm. */
export class Harbour implements AsyncDisposable {
  readonly port: number;
  #blocker: Server | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async find(): Promise<Harbour> {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as { port: number };
    await once(probe.close(), "close");
    return new Harbour(port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Breaks the server that listens there, after a request to it. */
  async breakServer(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    await fetch(`${this.url}healthz`);
    const closed = new Promise<void>((resolve) => void server.once("close", resolve));
    server.emit("error", new Error("accept EMFILE"));
    await closed;
  }

  /** Takes the port for itself. */
  async take(): Promise<void> {
    while (this.#blocker === undefined) {
      await this.breakServer();
      const blocker = createServer();
      const isTaken = once(blocker.listen(this.port), "listening").then(
        () => true,
        () => false,
      );
      if (await isTaken) this.#blocker = blocker;
    }
  }

  async leave(): Promise<void> {
    const blocker = this.#blocker;
    this.#blocker = undefined;
    if (blocker !== undefined) await once(blocker.close(), "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  /** Node tells of a server whose handle breaks by an event of it, and in no other way can a test have that. */
  get #server(): Server | undefined {
    const internals = process as unknown as { _getActiveHandles(): object[] };
    return internals["_getActiveHandles"]()
      .filter((handle) => handle instanceof Server)
      .find((server) => (server.address() as { port?: number } | null)?.port === this.port);
  }
}
