import { type Actor, type ActorContext, Mailbox, type SendOptions } from "@sup/core";

/** What is wrong with a feed, for the contract to find. */
export type Flaw =
  | "is never ready"
  | "does not notice a loss"
  | "crashes with errors of no type"
  | "crashes when it is stopped"
  | "is hurt by its hooks"
  | "keeps its connections open"
  | "keeps its lives in memory"
  | "keeps the connection of an attempt that was stopped"
  | "does not heed a stop"
  | "waits for an answer for ever"
  | "leaves what is pending pending"
  | "is slow to settle what is pending"
  | "asks again after a loss"
  | "forgets what waited"
  | "sends what was withdrawn"
  | "takes any option"
  | "cannot run again"
  | "is left behind";

export class FeedError extends Error {
  readonly code = "FEED";
  readonly retryable = true;
}

interface Connection {
  onClosed: () => void;
  readonly pending: Set<() => void>;
}

/** A server in memory: what is sent to it arrives in the next turn of the event loop. */
export class FeedServer implements AsyncDisposable {
  readonly received: number[] = [];
  readonly connections: Set<Connection> = new Set();
  refusing = false;
  silent = false;
  holding = false;

  async connect(signal: AbortSignal | undefined): Promise<Connection> {
    await turn();
    if (this.silent) await new Promise((_, reject) => onAbort(signal, reject));
    if (this.refusing) throw new FeedError("refused");
    const connection: Connection = { onClosed: () => {}, pending: new Set() };
    this.connections.add(connection);
    return connection;
  }

  async ask(connection: Connection, id: number): Promise<number> {
    await turn();
    this.received.push(id);
    if (!this.holding) return id;
    await new Promise<void>((resolve) => connection.pending.add(resolve));
    throw new FeedError("lost");
  }

  drop(): void {
    for (const connection of this.connections) {
      this.connections.delete(connection);
      connection.onClosed();
      for (const lose of connection.pending) lose();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
  }
}

interface FeedProtocol {
  ask(id: number): number;
}

export interface FeedOptions {
  readonly capacity?: number;
  readonly connectTimeout?: number;
  readonly hook?: (() => unknown) | undefined;
}

const kept: unknown[] = [];

/** An adapter as it should be, but for its flaw. */
export class Feed implements Actor {
  readonly name = "feed";
  readonly mailbox: Mailbox<FeedProtocol>;
  readonly #server: FeedServer;
  readonly #options: FeedOptions;
  readonly #flaw: Flaw | undefined;
  readonly #again: number[] = [];
  #ran = false;

  constructor(server: FeedServer, options: FeedOptions = {}, flaw?: Flaw) {
    const valid = flaw === "takes any option" ? {} : options;
    this.mailbox = new Mailbox<FeedProtocol>(valid);
    this.#server = server;
    this.#options = options;
    this.#flaw = flaw;
  }

  ask(id: number, options?: SendOptions): Promise<number> {
    const sent = this.#flaw === "sends what was withdrawn" ? {} : options;
    const answer = this.mailbox.call("ask", id, sent);
    if (sent === options) return answer;
    return Promise.race([
      answer,
      new Promise<never>((_, reject) => {
        onAbort(options?.signal, reject);
        if (options?.timeout === undefined) return;
        setTimeout(() => reject(new DOMException("late", "TimeoutError")), options.timeout);
      }),
    ]);
  }

  async run(context: ActorContext): Promise<void> {
    const { signal, fail, ready, defer } = context;
    const flaw = this.#flaw;
    if (flaw === "keeps its lives in memory") kept.push(context);
    if (flaw === "crashes when it is stopped") onAbort(signal, fail);
    if (flaw === "cannot run again") {
      signal.addEventListener("abort", () => {
        if (context.restarts === 0) this.#ran = true;
      });
      if (this.#ran && context.restarts === 0) throw new FeedError("ran before");
    }
    const connection = await this.#connect(context);
    if (flaw !== "keeps its connections open") {
      defer(() => this.#server.connections.delete(connection));
    }
    connection.onClosed = () => {
      if (flaw === "does not notice a loss") return;
      fail(flaw === "crashes with errors of no type" ? new Error("lost") : new FeedError("lost"));
    };
    this.#hook(fail);
    if (flaw !== "is never ready") ready();
    if (flaw === "does not heed a stop" || flaw === "is left behind") {
      await new Promise(() => {});
    }
    for (const id of this.#again.splice(0)) await this.#server.ask(connection, id);
    const ask = (id: number): Promise<number> => this.#ask(connection, id, signal);
    await this.mailbox.serve(context, { ask }, { isFatal: () => false });
  }

  async #connect({ signal, restarts }: ActorContext): Promise<Connection> {
    const flaw = this.#flaw;
    const { connectTimeout } = this.#options;
    if (flaw === "forgets what waited" && restarts === 0) {
      void this.mailbox.serve({ signal }, { ask: () => 0 });
    }
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new FeedError("late")), connectTimeout);
    const stopped = flaw === "waits for an answer for ever" ? undefined : signal;
    try {
      const attempt = this.#server.connect(undefined);
      const gaveUp = new Promise<never>((_, reject) => {
        onAbort(stopped, reject);
        if (connectTimeout !== undefined) onAbort(deadline.signal, reject);
      });
      if (flaw !== "keeps the connection of an attempt that was stopped") {
        attempt.then(
          (connection) => stopped?.aborted && this.#server.connections.delete(connection),
          () => {},
        );
      }
      return await Promise.race([attempt, gaveUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(connection: Connection, id: number, signal: AbortSignal): Promise<number> {
    const flaw = this.#flaw;
    const answer = this.#server.ask(connection, id);
    const lost = new Promise<never>((_, reject) => {
      if (flaw === "leaves what is pending pending") return;
      const delay = flaw === "is slow to settle what is pending" ? 80 : 0;
      onAbort(signal, () => setTimeout(() => reject(new FeedError("lost")), delay));
    });
    try {
      return await Promise.race(delays(flaw) ? [lost] : [answer, lost]);
    } catch (error) {
      if (flaw === "asks again after a loss") this.#again.push(id);
      throw error;
    }
  }

  #hook(fail: (error: unknown) => void): void {
    const { hook } = this.#options;
    if (hook === undefined) return;
    try {
      Promise.resolve(hook()).catch(
        (error) => this.#flaw === "is hurt by its hooks" && fail(error),
      );
    } catch {
      // A hook that throws is nobody's business.
    }
  }
}

function delays(flaw: Flaw | undefined): boolean {
  return flaw === "leaves what is pending pending" || flaw === "is slow to settle what is pending";
}

function onAbort(signal: AbortSignal | undefined, then: (reason: unknown) => void): void {
  if (signal?.aborted === true) then(signal.reason);
  else signal?.addEventListener("abort", () => then(signal.reason));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
