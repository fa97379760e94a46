import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A client that speaks what it likes, and reads only when it is told to. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  text = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => (this.text += text));
    socket.on("error", () => {});
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Sends a request by its first line and headers. */
  ask(line: string, headers: Record<string, string> = {}): void {
    const fields = Object.entries({ host: "localhost", ...headers });
    const head = [line, ...fields.map(([name, value]) => `${name}: ${value}`)].join("\r\n");
    this.socket.write(`${head}\r\n\r\n`);
  }

  /** Resolves when what came contains `text`. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await once(this.socket, "data");
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** The status of the answer to one request, and all that came with it. */
export async function answerTo(
  url: string,
  line: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  using client = await RawClient.connect(url);
  client.ask(line, { connection: "close", ...headers });
  if (!client.socket.closed && !client.socket.readableEnded) await once(client.socket, "end");
  return { status: Number(client.text.split(" ")[1]), text: client.text };
}
