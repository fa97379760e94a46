import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Deadline } from "@sup/core/adapter";
import type { WebSocket } from "ws";
import {
  type WebSocketClose,
  WebSocketClosedError,
  WebSocketIdleError,
  WebSocketProtocolError,
} from "../errors.ts";
import { finishHandshake } from "./handshake.ts";
import { Liveness } from "./liveness.ts";
import type { Settings } from "../options.ts";
import { Outbox, type Sending } from "./outbox.ts";
import { answerPings } from "./pongs.ts";

/** What a connection tells its owner. */
export interface ConnectionEvents {
  /** It is open; told before anything that it brings. */
  onOpen(): void;
  /** A message came; `data` is text in UTF-8, or not. */
  onMessage(data: Buffer, isBinary: boolean): void;
  /** It takes no messages any more: one side has begun to close it, or it is lost. */
  onClosing(): void;
  /** It is lost through a fault of the peer; what remains is to close it. */
  onFault(error: Error): void;
  /** An open connection has ended; `error` says so to whom it matters. */
  onClosed(close: WebSocketClose, error: WebSocketClosedError): void;
}

/** One connection, from its first byte to its last. */
export class Connection {
  readonly outbox: Outbox;
  /** Resolves when an open connection has ended, after the last event. */
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #address: string;
  readonly #settings: Settings;
  readonly #events: ConnectionEvents;
  /** Below the frames; its end and its bytes are seen there first. */
  #stream: Socket | undefined;
  #liveness: Liveness | undefined;
  #isClosing = false;
  #end: readonly Deadline[] = [];
  /** Of the messages that were sent, how many the peer has confirmed by answering a later ping. */
  #confirmed = 0;
  #isPinging = false;
  #isCorked = false;

  /** To be made in the tick in which `socket` is: it hears all of it. */
  constructor(socket: WebSocket, address: string, settings: Settings, events: ConnectionEvents) {
    this.#socket = socket;
    this.#address = address;
    this.#settings = settings;
    this.#events = events;
    this.outbox = new Outbox(socket, settings.highWaterMark, (cause) => this.#closedError(cause));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    socket.on("upgrade", ({ socket: stream }: IncomingMessage) => (this.#stream = stream));
    socket.on("open", () => this.#open());
    socket.on("error", (error) => this.#fault(error));
    socket.on("close", (code, reason) => {
      if (this.#liveness !== undefined) this.#close({ code, reason: reason.toString() });
      resolve();
    });
  }

  /** @throws as `finishHandshake` */
  open(signal: AbortSignal): Promise<void> {
    return finishHandshake(`connect to ${this.#address}`, this.#socket, signal);
  }

  /** The subprotocol that the server chose; empty if none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /**
   * Sends a message, as `Outbox.send`.
   * @param isFollowed whether another one is there already: then both go to the system at once
   */
  send(message: Sending, isFollowed: boolean): Promise<void> | undefined {
    if (isFollowed && !this.#isCorked) this.#cork();
    return this.outbox.send(message);
  }

  /** Ends the connection; messages that have no outcome get `error`. Resolves when nothing of it is left. */
  async close(error: Error): Promise<void> {
    this.outbox.end(error);
    this.#socket.close(this.#settings.closeCode);
    this.#closing();
    await this.ended;
  }

  #open(): void {
    const { pingInterval, idleTimeout } = this.#settings;
    const { outbox } = this;
    const liveness = new Liveness({
      pingInterval,
      idleTimeout,
      ping: () => this.#ping(),
      onDead: () => this.#dead(),
    });
    this.#liveness = liveness;
    this.#socket.on("message", (data, isBinary) =>
      this.#events.onMessage(data as Buffer, isBinary),
    );
    this.#socket.on("pong", (data) => this.#confirm(data));
    answerPings(this.#socket, outbox.wake);
    this.#stream?.on("data", () => {
      liveness.saw();
      // ws has read the same bytes before; a close frame was among them.
      if (this.#socket.readyState !== this.#socket.OPEN) this.#closing();
    });
    this.#stream?.on("end", () => this.#closing());
    this.#events.onOpen();
  }

  /** The count of what was sent goes with the ping, and comes back with its pong. */
  #ping(): void {
    if (this.#isPinging || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isPinging = true;
    this.#socket.ping(String(this.outbox.sent), undefined, () => {
      this.#isPinging = false;
      this.outbox.wake();
    });
  }

  #confirm(pong: Buffer): void {
    const sent = Number(pong.toString());
    if (sent > this.#confirmed && sent <= this.outbox.sent) this.#confirmed = sent;
  }

  #dead(): void {
    const { idleTimeout } = this.#settings;
    const error = new WebSocketIdleError(
      `Gave up on ${this.#address}: nothing came for ${idleTimeout} ms`,
      this.#unconfirmed,
    );
    this.#socket.terminate();
    this.outbox.end(error);
    this.#events.onFault(error);
  }

  #fault(cause: Error): void {
    if (this.#liveness === undefined) return;
    const isTooLong = "code" in cause && cause.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
    const why = isTooLong
      ? `a message has more than ${this.#settings.maxPayload} bytes`
      : cause.message;
    const error = new WebSocketProtocolError(
      `Gave up on ${this.#address}: ${why}`,
      this.#unconfirmed,
      { cause },
    );
    this.outbox.end(error);
    this.#events.onFault(error);
    this.#closing();
  }

  #closing(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#liveness?.stop();
    this.#end = [
      new Deadline(this.#settings.closeTimeout, () => this.#socket.terminate()),
      // What is on its way may still get there, and be told so.
      new Deadline(lastMoment, () => this.outbox.end(this.#closedError())),
    ];
    this.#events.onClosing();
  }

  #close(close: WebSocketClose): void {
    const error = this.#closedError(undefined, close);
    this.#closing();
    for (const deadline of this.#end) deadline.cancel();
    this.outbox.end(error);
    this.#events.onClosed(close, error);
  }

  #closedError(cause?: Error, close?: WebSocketClose): WebSocketClosedError {
    return new WebSocketClosedError(
      `Lost the connection to ${this.#address}: ${howClosed(close)}`,
      close ?? { code: 1006, reason: "" },
      this.#unconfirmed,
      cause && { cause },
    );
  }

  get #unconfirmed(): number {
    return this.outbox.sent - this.#confirmed;
  }

  #cork(): void {
    this.#isCorked = true;
    this.#stream?.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#stream?.uncork();
    });
  }
}

function howClosed(close: WebSocketClose | undefined): string {
  if (close === undefined) return "it is being closed";
  const { code, reason } = close;
  if (code === 1006) return "it ended without a close frame";
  return `the peer closed it with ${code === 1005 ? "no code" : `code ${code}`}${reason && `: ${reason}`}`;
}

/** Milliseconds in which what is on its way when the closing begins can still arrive. */
const lastMoment = 20;
