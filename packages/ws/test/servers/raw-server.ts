import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { closing, type Frame, frame, FrameReader, ping, pong, text } from "./frame.ts";

/** What a server does; the rest is as it should be. */
export interface Behaviour {
  /** Answers the request for a WebSocket: with a 101 unless given. */
  readonly onRequest?: (peer: RawPeer) => void;
  /** A whole message came. */
  readonly onMessage?: (peer: RawPeer, data: string | Buffer) => void;
  /** Whether pings are answered. */
  readonly pongs?: boolean;
  /** Whether a close frame is answered, and the connection ended. */
  readonly closes?: boolean;
}

/** A WebSocket server on `node:net` of which a test decides each byte. */
export class RawServer implements AsyncDisposable {
  behaviour: Behaviour;
  /** Whether it reads what comes after the handshake. */
  reads = true;
  /** Connections that were made, in their order. */
  readonly peers: RawPeer[] = [];
  /** Those that are open. */
  readonly sockets: Set<Socket> = new Set();
  /** Every message of every connection, in the order in which they came. */
  readonly received: (string | Buffer)[] = [];
  /** Emits `change` when something of the above has changed. */
  readonly changes = new EventEmitter().setMaxListeners(0);
  #server: Server | undefined;
  #port = 0;

  private constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
  }

  static async start(behaviour: Behaviour = {}): Promise<RawServer> {
    const server = new RawServer(behaviour);
    await server.listen();
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/feed`;
  }

  /** At the same port each time. */
  async listen(): Promise<void> {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      this.sockets.add(socket);
      const peer = new RawPeer(this, socket);
      this.peers.push(peer);
      socket.on("close", () => {
        this.sockets.delete(socket);
        this.changes.emit("change");
      });
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Resets each connection. */
  disconnect(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Resolves when `condition` holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.changes, "change");
  }

  /** The `count`th connection, when its handshake was answered. */
  async peer(count = 1): Promise<RawPeer> {
    await this.until(() => this.peers[count - 1]?.isOpen === true);
    return this.peers[count - 1]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    await once(server, "close");
  }
}

/** One connection of it. */
export class RawPeer {
  readonly socket: Socket;
  /** The request for a WebSocket, once its head is there. */
  request = "";
  isOpen = false;
  /** The frames that came, in their order. */
  readonly frames: Frame[] = [];
  /** The messages that they made up. */
  readonly received: (string | Buffer)[] = [];
  readonly #server: RawServer;
  readonly #reader = new FrameReader();
  #parts: Frame[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(server: RawServer, socket: Socket) {
    this.#server = server;
    this.socket = socket;
    socket.on("error", () => socket.destroy());
    // Who ends a connection awaits the other's end, and then ends as well.
    socket.on("end", () => socket.end());
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
  }

  /** The code that the client closed with; 1005 without one. */
  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === closing);
    return close && codeOf(close);
  }

  header(name: string): string | undefined {
    return new RegExp(`^${name}: (.*)\r$`, "im").exec(this.request)?.[1];
  }

  write(...parts: (string | Buffer)[]): void {
    this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  }

  /** Answers with a 101, and in the same packet with whatever `after` is. */
  accept(headers: readonly string[] = [], ...after: Buffer[]): void {
    this.write(this.answer(headers), ...after);
    this.opened();
  }

  answer(headers: readonly string[] = []): string {
    const accepted = createHash("sha1").update(`${this.header("sec-websocket-key")}${guid}`);
    return [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accepted.digest("base64")}`,
      ...headers,
      "\r\n",
    ].join("\r\n");
  }

  opened(): void {
    this.isOpen = true;
    if (!this.#server.reads) this.socket.pause();
    this.#server.changes.emit("change");
  }

  send(data: string): void {
    this.write(frame(text, data));
  }

  #receive(chunk: Buffer): void {
    if (this.request === "") return this.#receiveHead(chunk);
    for (const one of this.#reader.push(chunk)) this.#handle(one);
    this.#server.changes.emit("change");
  }

  #receiveHead(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return;
    this.request = this.#rest.toString("latin1", 0, end + 2);
    const { onRequest = (peer) => peer.accept() } = this.#server.behaviour;
    onRequest(this);
    this.#server.changes.emit("change");
  }

  #handle(one: Frame): void {
    const { pongs = true, closes = true } = this.#server.behaviour;
    this.frames.push(one);
    if (one.opcode === ping && pongs) this.write(frame(pong, one.payload));
    if (one.opcode === closing && closes) this.socket.end(frame(closing, one.payload));
    if (one.opcode < closing) this.#collect(one);
  }

  #collect(part: Frame): void {
    this.#parts.push(part);
    if (!part.fin) return;
    const whole = Buffer.concat(this.#parts.map(({ payload }) => payload));
    const data = this.#parts[0]!.opcode === text ? whole.toString() : whole;
    this.#parts = [];
    this.received.push(data);
    this.#server.received.push(data);
    this.#server.behaviour.onMessage?.(this, data);
  }
}

function codeOf({ payload }: Frame): number {
  return payload.length < 2 ? 1_005 : payload.readUInt16BE(0);
}

/** RFC 6455 section 1.3. */
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
