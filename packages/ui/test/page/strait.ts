import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** The way between a browser and a dashboard, which a test may block or cut. */
export class Strait implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [near: Socket, far: Socket]>();
  #isBlocked = false;

  private constructor(port: number) {
    this.#server = createServer((near) => this.#join(near, connect(port, "127.0.0.1")));
  }

  static async to(url: string): Promise<Strait> {
    const strait = new Strait(Number(new URL(url).port));
    await once(strait.#server.listen(0, "127.0.0.1"), "listening");
    return strait;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Nothing passes from the dashboard to the browser any more, but nobody is told. */
  block(): void {
    this.#isBlocked = true;
    for (const [, far] of this.#pairs) far.pause();
  }

  unblock(): void {
    this.#isBlocked = false;
    for (const [, far] of this.#pairs) far.resume();
  }

  /** All connections break. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await once(this.#server.close(), "close");
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    far.on("data", (bytes) => near.write(bytes));
    near.on("data", (bytes) => far.write(bytes));
    if (this.#isBlocked) far.pause();
    for (const socket of pair) {
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  }
}
