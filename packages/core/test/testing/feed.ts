import { type Actor, type ActorContext, Mailbox, type SendOptions } from "@sup/core";

/** What is wrong with a feed, for the contract to find. */
export type Flaw =
  | "is never ready"
  | "does not notice a loss"
  | "crashes with errors of no type"
  | "crashes when it is stopped"
  | "is hurt by its hooks"
  | "calls no hook"
  | "keeps its connections open"
  | "keeps its lives in memory"
  | "opens one more each time"
  | "keeps the connection of an attempt that was stopped"
  | "does not heed a stop"
  | "waits for an answer until its deadline"
  | "waits for an answer for ever"
  | "gives up at once"
  | "leaves what is pending pending"
  | "is slow to settle what is pending"
  | "asks again after a loss"
  | "forgets what waited"
  | "sends what was withdrawn"
  | "takes any option"
  | "cannot run again";

class FeedError extends Error {
  readonly code = "FEED";
  readonly retryable = true;
}

interface Connection {
  onClosed: () => void;
}

/** A server in memory: what is sent to it arrives in the next turn of the event loop. */
export class FeedServer implements AsyncDisposable {
  readonly received: number[] = [];
  readonly connections: Set<Connection> = new Set();
  /** What adapters opened beside their connections. */
  others = 0;
  refusing = false;
  silent = false;
  holding = false;

  async connect(): Promise<Connection> {
    await turn();
    if (this.silent) await never();
    if (this.refusing) throw new FeedError("refused");
    const connection: Connection = { onClosed: () => {} };
    this.connections.add(connection);
    return connection;
  }

  async ask(id: number): Promise<number> {
    await turn();
    this.received.push(id);
    if (this.holding) await never();
    return id;
  }

  drop(): void {
    for (const connection of this.connections) {
      this.connections.delete(connection);
      connection.onClosed();
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

const kept: ActorContext[] = [];

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
    this.mailbox = new Mailbox(flaw === "takes any option" ? {} : options);
    this.#server = server;
    this.#options = options;
    this.#flaw = flaw;
  }

  ask(id: number, options: SendOptions = {}): Promise<number> {
    if (this.#flaw !== "sends what was withdrawn") return this.mailbox.call("ask", id, options);
    const { signal, timeout } = options;
    return Promise.race([this.mailbox.call("ask", id), aborted(signal), expired(timeout)]);
  }

  async run(context: ActorContext): Promise<void> {
    const { signal, restarts, fail, ready, defer } = context;
    const flaw = this.#flaw;
    if (flaw === "cannot run again" && this.#ran && restarts === 0)
      throw new FeedError("ran before");
    this.#ran = true;
    if (flaw === "keeps its lives in memory") kept.push(context);
    if (flaw === "opens one more each time") this.#server.others++;
    if (flaw === "forgets what waited") void this.mailbox.serve({ signal }, { ask: () => 0 });

    const connection = await this.#connect(signal);
    connection.onClosed = () => {
      if (flaw === "does not notice a loss") return;
      fail(flaw === "crashes with errors of no type" ? new Error("lost") : new FeedError("lost"));
    };
    if (flaw !== "keeps its connections open") {
      defer(() => this.#server.connections.delete(connection));
    }
    this.#callHook(fail);
    if (flaw !== "is never ready") ready();

    if (flaw === "does not heed a stop") await never();
    if (flaw === "crashes when it is stopped") {
      await aborted(signal).catch(() => Promise.reject(new FeedError("stopped")));
    }
    for (const id of this.#again.splice(0)) await this.#server.ask(id);
    const ask = (id: number): Promise<number> => this.#ask(id, signal);
    await this.mailbox.serve(context, { ask }, { isFatal: () => false });
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const flaw = this.#flaw;
    const { connectTimeout } = this.#options;
    if (flaw === "crashes when it is stopped") {
      signal.addEventListener("abort", () => this.#server.drop());
    }
    const attempt = this.#server.connect();
    void attempt.then(
      (connection) => {
        const keeps = flaw === "keeps the connection of an attempt that was stopped";
        if (signal.aborted && !keeps) this.#server.connections.delete(connection);
      },
      () => {},
    );
    const limit = flaw === "gives up at once" ? 1 : connectTimeout;
    const waits = flaw === "waits for an answer until its deadline";
    return await Promise.race([
      attempt,
      ...(waits ? [] : [aborted(signal)]),
      ...(flaw === "waits for an answer for ever" ? [] : [unanswered(limit)]),
    ]).catch((error: unknown) => {
      const crashes = flaw === "crashes when it is stopped" && signal.aborted;
      throw crashes ? new FeedError("stopped") : error;
    });
  }

  async #ask(id: number, signal: AbortSignal): Promise<number> {
    const flaw = this.#flaw;
    const answer = this.#server.ask(id);
    if (flaw === "leaves what is pending pending") return await answer;
    try {
      return await Promise.race([answer, aborted(signal)]);
    } catch {
      if (flaw === "is slow to settle what is pending") await turns(80);
      if (flaw === "asks again after a loss") this.#again.push(id);
      throw new FeedError("lost");
    }
  }

  #callHook(fail: (error: unknown) => void): void {
    const { hook } = this.#options;
    if (hook === undefined || this.#flaw === "calls no hook") return;
    const bear = this.#flaw === "is hurt by its hooks" ? fail : () => {};
    try {
      Promise.resolve(hook()).catch(bear);
    } catch (error) {
      bear(error);
    }
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    else signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

async function unanswered(timeout: number | undefined): Promise<never> {
  return await expired(timeout).catch(() => Promise.reject(new FeedError("no answer")));
}

async function expired(timeout: number | undefined): Promise<never> {
  if (timeout === undefined) return await never();
  await turn(timeout);
  throw new DOMException("late", "TimeoutError");
}

/** As many milliseconds, also as a stopwatch sees it that does not count those in which the process is held up. */
async function turns(count: number): Promise<void> {
  for (; count > 0; count--) await turn(1);
}

function turn(delay = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay));
}

function never(): Promise<never> {
  return new Promise(() => {});
}
