import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import type { PageChange, PageSnapshot } from "../../src/lib/model/wire.ts";

export interface StreamEvent {
  readonly id: string;
  readonly type: string;
  readonly change: PageChange;
}

/** A stream of a dashboard as a browser would open it, and what came so far. */
export class Stream implements Disposable {
  readonly response: IncomingMessage;
  readonly events: StreamEvent[] = [];
  /** Whether a comment came. */
  comments = 0;
  readonly #request: ClientRequest;
  /** Parts of a block that is not whole yet. */
  #parts: string[] = [];
  #came = Promise.withResolvers<void>();

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response;
    response.setEncoding("utf8");
    response.on("data", (text: string) => this.#take(text));
    // What was cut off is no error of the test.
    response.on("error", () => {});
    response.on("close", () => this.#tell());
  }

  static async open(
    url: string,
    after?: string,
    headers: Record<string, string> = {},
    localAddress?: string,
  ): Promise<Stream> {
    const query = after === undefined ? "" : `?after=${after}`;
    const request = get(`${url}api/v1/stream${query}`, {
      headers,
      agent: false,
      ...(localAddress !== undefined && { localAddress }),
    });
    request.on("error", () => {});
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return new Stream(request, response);
  }

  /** Resolves with the first event that `isMeant`, of those that came and those that will. */
  async until(isMeant: (event: StreamEvent) => boolean): Promise<StreamEvent> {
    for (;;) {
      const event = this.events.find(isMeant);
      if (event !== undefined) return event;
      if (this.response.closed) throw new Error("The stream ended before the event");
      await this.#came.promise;
    }
  }

  /** Resolves when anything more has come. */
  async next(): Promise<void> {
    await this.#came.promise;
  }

  /** Resolves when the stream is over. */
  async end(): Promise<void> {
    while (!this.response.closed) await this.#came.promise;
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    this.#parts.push(text);
    if (!text.includes("\n")) return;
    const blocks = this.#parts.join("").split("\n\n");
    this.#parts = [blocks.pop()!];
    for (const block of blocks) this.#parse(block);
    this.#tell();
  }

  #parse(block: string): void {
    if (block.startsWith(":")) this.comments++;
    const field = (name: string): string | undefined =>
      block
        .split("\n")
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = field("data");
    if (data === undefined) return;
    this.events.push({
      id: field("id")!,
      type: field("event")!,
      change: JSON.parse(data) as PageChange,
    });
  }

  #tell(): void {
    this.#came.resolve();
    this.#came = Promise.withResolvers();
  }
}

export async function snapshotOf(url: string): Promise<PageSnapshot> {
  const response = await fetch(`${url}api/v1/snapshot`);
  return (await response.json()) as PageSnapshot;
}
