import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as it reached the server, with the response to misbehave on. */
export interface StreamCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Which request it is, from 1. */
  readonly count: number;
  /** The body of the request. */
  readonly body: string;
  /** Answers with status 200 as an event stream, and sends `text` on it. */
  readonly stream: (text?: string | Uint8Array, headers?: Record<string, string>) => void;
  /** Sends more of the stream. */
  readonly send: (text: string | Uint8Array) => void;
  /** Ends the connection with a RST. */
  readonly reset: () => void;
}

export type StreamScript = (call: StreamCall) => void;

/** A server that does with each request what the test says, on a free port of loopback. */
export class EventServer {
  readonly calls: StreamCall[] = [];
  readonly sockets: Set<Socket> = new Set();
  script: StreamScript;
  port = 0;
  readonly #server: Server;
  readonly #events = new EventEmitter();

  private constructor(script: StreamScript) {
    this.script = script;
    this.#server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.on("connection", (socket) => this.#accept(socket));
  }

  static async start(script: StreamScript): Promise<EventServer> {
    const server = new EventServer(script);
    await server.listen();
    return server;
  }

  /** Listens on the port that it had before. */
  async listen(): Promise<void> {
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  /** What was in that header of each request. */
  sent(header: string): (string | undefined)[] {
    return this.calls.map(({ request }) => request.headers[header] as string | undefined);
  }

  /** Resolves to the request with that number when it has come. */
  async called(count: number): Promise<StreamCall> {
    while (this.calls.length < count) await once(this.#events, "call");
    return this.calls[count - 1]!;
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
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.#events.emit("close");
    });
    this.#events.emit("connection");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await request.toArray()).join("");
    const { socket } = request;
    const send = (text: string | Uint8Array): void => void response.write(text);
    const call: StreamCall = {
      request,
      response,
      socket,
      body,
      count: this.calls.length + 1,
      send,
      stream(text = "", headers = {}) {
        response.writeHead(200, { "content-type": "text/event-stream", ...headers });
        response.flushHeaders();
        if (text.length > 0) send(text);
      },
      reset: () => socket.resetAndDestroy(),
    };
    this.calls.push(call);
    this.script(call);
    this.#events.emit("call");
  }
}

/** Opens a stream that says nothing, and stays. */
export const silent: StreamScript = ({ stream }) => stream();

/** Sends `text` and ends the stream. */
export function ending(text: string | Uint8Array): StreamScript {
  return ({ stream, response }) => {
    stream(text);
    response.end();
  };
}

/** Answers with a status and nothing else. */
export function status(code: number, headers: Record<string, string> = {}): StreamScript {
  return ({ response }) => void response.writeHead(code, headers).end();
}

/** One script after the other, the last one again and again. */
export function inTurn(...scripts: StreamScript[]): StreamScript {
  return (call) => scripts[Math.min(call.count, scripts.length) - 1]!(call);
}
