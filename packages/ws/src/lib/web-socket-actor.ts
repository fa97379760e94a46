import {
  type Actor,
  type ActorContext,
  ActorStoppedError,
  type CallOptions,
  Mailbox,
} from "@sup/core";
import { callHook, explainTimeout, Feed, type Wait, withinDeadline } from "@sup/core/adapter";
import { Connection, type ConnectionEvents } from "./connection/connection.ts";
import {
  checkData,
  type WebSocketData,
  type WebSocketMessage,
  type WebSocketMessages,
  type WebSocketMessagesOptions,
} from "./data.ts";
import { WebSocketConnectError } from "./errors.ts";
import { beginHandshake, introduce } from "./connection/handshake.ts";
import { type Settings, settingsOf, type WebSocketActorOptions } from "./options.ts";
import type { WebSocketProtocol } from "./connection/outbox.ts";

/**
 * A WebSocket connection as an actor: one connection per life. When it is lost the actor crashes, and its supervisor
 * connects anew.
 *
 * Messages that are sent while there is no connection wait in the mailbox, until their own `timeout` or `signal`, and go out
 * over the next connection in order. Each is sent once, or its `send` rejects.
 *
 * @example
 * ```ts
 * const feed = new WebSocketActor("feed", "wss://example.com/stream", {
 *   onMessage: ({ data }) => console.log(data),
 * });
 * await using root = new Supervisor("root", { actors: [feed], policy: "permanent" });
 * root.start();
 *
 * await feed.send("subscribe");
 * ```
 */
export class WebSocketActor implements Actor {
  readonly name: string;
  /** What dashboards group by. */
  readonly kind = "ws";
  /** Where messages wait to be sent, and for a connection. */
  readonly mailbox: Mailbox<WebSocketProtocol>;
  readonly #settings: Settings;
  /** The URL without what may be secret, for messages. */
  readonly #address: string;
  readonly #feed: Feed<WebSocketMessage>;
  #connection: Connection | undefined;
  /** Why there is no connection that takes messages; `undefined` while there is one. */
  #outage: Omit<Wait, "missing"> | undefined = { why: "the actor was not started" };

  /** @throws TypeError or RangeError that names the option and the rule. */
  constructor(name: string, url: string | URL, options: WebSocketActorOptions = {}) {
    this.#settings = settingsOf(name, url, options);
    const { protocol, host, pathname } = this.#settings.url;
    this.#address = `${protocol}//${host}${pathname}`;
    this.name = name;
    this.mailbox = new Mailbox<WebSocketProtocol>({ capacity: this.#settings.capacity });
    this.#feed = new Feed(`read the messages of ${JSON.stringify(name)}`);
  }

  /** The subprotocol that the server chose, empty if none; `undefined` while there is no connection. */
  get protocol(): string | undefined {
    return this.#connection?.protocol;
  }

  /**
   * Sends a string as a text message, bytes as a binary one. The bytes are not copied: they must stay as they are until the
   * promise has settled.
   *
   * @returns resolves when all of the message was handed to the operating system. The promise may be ignored, and rejects
   * with
   * - `TypeError` when `data` can not be sent,
   * - `WebSocketClosedError`, `WebSocketIdleError` or `WebSocketProtocolError` when the connection is lost under it: it may
   *   have been sent, and is not sent again,
   * - the signal's reason when the call's own `signal` ends it, or when its `timeout` does a `TimeoutError` that says what it
   *   waited for; where that was a connection, the last error of it is the `cause`,
   * - `ActorStoppedError` when the actor is stopped.
   */
  send(data: WebSocketData, options?: CallOptions): Promise<void> {
    try {
      const action = `send to ${this.#address}`;
      checkData(action, data);
      const sent = this.mailbox.call("send", data, options);
      return options?.timeout === undefined
        ? sent
        : explainTimeout(sent, action, options, () => this.#wait());
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * The messages from now on, over crashes and restarts, until the actor is stopped for good; those that came by then can
   * still be read. Each iterator keeps the newest `buffer` messages for its reader, and counts the others as `dropped`. One
   * that is not read to its end must be ended, by `break`, `return` or `signal`.
   *
   * @throws TypeError or RangeError that names the option and the rule.
   */
  messages(options?: WebSocketMessagesOptions): WebSocketMessages {
    return this.#feed.read(options);
  }

  /** One life: connects, then sends what is in the mailbox until the connection is lost or `context.signal` aborts. */
  async run(context: ActorContext): Promise<void> {
    this.#feed.open();
    if (this.#outage?.cause === undefined) this.#outage = { why: "still connecting" };
    const inbox = this.mailbox.receive(context);
    const connection = await this.#connect(context, () => void inbox.return?.());
    const disconnect = () => this.#disconnect(connection);
    context.defer(disconnect);
    context.signal.addEventListener("abort", () => void disconnect());
    context.ready();
    for await (const message of inbox) {
      const room = connection.send(message, this.mailbox.length > 0);
      if (room !== undefined) await room;
    }
    if (!context.signal.aborted) await connection.ended;
  }

  /** For its supervisor: who reads the messages has nothing to wait for any more. */
  onStopped(): void {
    this.#feed.end();
  }

  /** What a message that is not sent waits for. */
  #wait(): Wait {
    return this.#outage === undefined
      ? { missing: "not sent", why: "the peer reads too slowly" }
      : { missing: "no connection", ...this.#outage };
  }

  async #connect(context: ActorContext, onClosing: () => void): Promise<Connection> {
    const { connectTimeout, onError } = this.#settings;
    const { signal, logger } = context;
    const action = `connect to ${this.#address}`;
    const lateness = () =>
      new WebSocketConnectError(`Cannot ${action}: not connected within ${connectTimeout} ms`);
    try {
      return await withinDeadline(connectTimeout, signal, lateness, async (attempt) => {
        const introduction = await introduce(action, this.#settings, attempt);
        const socket = beginHandshake(this.#settings, introduction);
        const events = this.#eventsOf(context, onClosing);
        const connection = new Connection(socket, this.#address, this.#settings, events);
        this.#connection = connection;
        await connection.open(attempt);
        return connection;
      });
    } catch (error) {
      this.#connection = undefined;
      if (!signal.aborted) {
        this.#outage = { why: (error as Error).message, cause: error as Error };
        callHook("onError", onError, error as Error, logger);
      }
      throw error;
    }
  }

  async #disconnect(connection: Connection): Promise<void> {
    const action = `send to ${this.#address}`;
    await connection.close(new ActorStoppedError(`Cannot ${action}: "${this.name}" was stopped`));
    if (this.#connection === connection) this.#connection = undefined;
  }

  #eventsOf(context: ActorContext, onClosing: () => void): ConnectionEvents {
    const { url, stopCodes, onConnect, onMessage, onClose, onError } = this.#settings;
    const { signal, logger } = context;
    const fail = (error: Error) => {
      if (signal.aborted) return;
      this.#outage = { why: error.message, cause: error };
      context.fail(error);
      callHook("onError", onError, error, logger);
    };
    return {
      onOpen: () => {
        this.#outage = undefined;
        logger.info({ address: this.#address }, "connected");
        callHook("onConnect", onConnect, withoutCredentials(url), logger);
      },
      onMessage: (data, isBinary) => {
        if (onMessage === undefined && this.#feed.isEmpty) return;
        const message = { data: isBinary ? data : data.toString() } as WebSocketMessage;
        callHook("onMessage", onMessage, message, logger);
        this.#feed.publish(message);
      },
      onClosing: () => {
        this.#outage ??= { why: "it is being closed" };
        onClosing();
      },
      onFault: fail,
      onClosed: (close, error) => {
        logger.info({ address: this.#address, ...close }, "connection closed");
        callHook("onClose", onClose, close, logger);
        if (!signal.aborted && stopCodes.has(close.code)) context.finish();
        else fail(error);
      },
    };
  }
}

function withoutCredentials(url: URL): string {
  const shown = new URL(url);
  shown.username = shown.password = "";
  return shown.href;
}
