import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { StreamRequest } from "../request/request.ts";
import type { BodyReader, Exchange } from "./transport.ts";

/**
 * Sends a request by `node:http` or `node:https`. Not by the built-in fetch: it ends a body that is silent for 300 s, and
 * cannot be told otherwise.
 */
export function nodeHttp(request: StreamRequest, signal: AbortSignal): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const outgoing = send(request);
    let failure: unknown;
    const abort = () => void outgoing.destroy();
    signal.addEventListener("abort", abort);
    outgoing
      .on("error", (error) => (failure ??= error))
      // An attempt that failed is over when its socket is gone.
      .on("close", () => {
        signal.removeEventListener("abort", abort);
        reject(
          signal.aborted ? signal.reason : (failure ?? new Error("closed without a response")),
        );
      })
      .on("upgrade", ({ statusCode }, socket) => {
        failure ??= new Error(`the server switched to another protocol (status ${statusCode})`);
        socket.destroy();
      })
      .on("response", (incoming) => {
        signal.removeEventListener("abort", abort);
        resolve(new NodeHttpExchange(outgoing, incoming));
      });
  });
}

function send({ url, method, fields, body }: StreamRequest): ClientRequest {
  const headers: Record<string, string | number> = { ...fields, "accept-encoding": "identity" };
  // Left to itself, node:http frames a body only with the methods that usually have one.
  if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  // A connection of its own, which no pool takes back: it ends with the stream.
  const outgoing = request(url, { method, headers, agent: false });
  outgoing.setSocketKeepAlive(true, keepAliveDelay);
  outgoing.end(body);
  return outgoing;
}

class NodeHttpExchange implements Exchange {
  readonly url: undefined;
  readonly #outgoing: ClientRequest;
  readonly #incoming: IncomingMessage;
  readonly #gone: Promise<void>;
  /** What broke the connection: a body that ends with its connection seems to be complete all the same. */
  #fault: Error | undefined;

  constructor(outgoing: ClientRequest, incoming: IncomingMessage) {
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#gone = new Promise((resolve) => outgoing.once("close", () => resolve()));
    outgoing.on("error", (error) => (this.#fault ??= error));
  }

  get status(): number {
    return this.#incoming.statusCode ?? 0;
  }

  get encoding(): string | undefined {
    const encoding = this.#incoming.headers["content-encoding"]?.trim().toLowerCase();
    return encoding === "identity" ? undefined : encoding;
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  read({ onBytes, onEnd }: BodyReader): void {
    const { destroyed, errored } = this.#incoming;
    if (destroyed) return onEnd(this.#fault ?? errored ?? undefined);
    this.#incoming
      .on("data", onBytes)
      .on("end", () => onEnd(this.#fault))
      .on("error", (error) => onEnd(this.#fault ?? error));
  }

  async close(): Promise<void> {
    this.#outgoing.destroy();
    await this.#gone;
  }
}

/** After that many silent milliseconds TCP probes find a server that vanished, also with `idleTimeout` off. */
const keepAliveDelay = 30_000;
