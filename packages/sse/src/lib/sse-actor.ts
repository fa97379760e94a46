import type { Actor, ActorContext } from "@sup/core";
import { callHook, Deadline, Feed, unlessAborted } from "@sup/core/adapter";
import {
  SseClosedError,
  SseEventTooLargeError,
  SseIdleError,
  SseRequestError,
  SseStatusError,
} from "./errors.ts";
import { openStream } from "./connection/open-stream.ts";
import { type Settings, settingsOf, type SseActorOptions } from "./options.ts";
import { Pace } from "./connection/pace.ts";
import { reasonOf } from "./connection/reason.ts";
import { toHeaderValue } from "./request/headers.ts";
import { addressOf } from "./request/request.ts";
import {
  EventStream,
  type SseEvent,
  type SseEvents,
  type SseEventsOptions,
} from "./stream/event-stream.ts";
import type { Exchange } from "./transport/transport.ts";

/**
 * A stream of Server-Sent Events as an actor: one connection per life, read as the WHATWG HTML standard says (section 9.2).
 *
 * The end of the stream is a crash, so that its supervisor connects anew; the next life tells the server the last event id,
 * and waits at least as long as the server asked for. A life crashes with
 * - `SseConnectError` when there is no response within `connectTimeout`,
 * - `SseRequestError` when the `headers` function fails,
 * - `SseStatusError` when the status is neither 200 nor one of `stopOn`, by which the actor finishes,
 * - `SseResponseError` when the response is no event stream,
 * - `SseClosedError` when the stream ends or its connection is lost,
 * - `SseIdleError` when not a byte came for `idleTimeout`,
 * - `SseEventTooLargeError` when an event has more than `maxEventSize` bytes.
 *
 * @example
 * ```ts
 * const prices = new SseActor("prices", "https://example.com/events", {
 *   onEvent: (event) => console.log(event.name, event.data),
 *   idleTimeout: 45_000,
 * });
 * await using root = new Supervisor("root", { actors: [prices], policy: "permanent" });
 * root.start();
 * ```
 */
export class SseActor implements Actor {
  readonly name: string;
  /** What dashboards group by. */
  readonly kind = "sse";
  readonly #settings: Settings;
  readonly #feed: Feed<SseEvent>;
  readonly #pace: Pace;
  #lastEventId: string;

  /**
   * @param url Where the stream is, over `http:` or `https:`; a user name and password in it are sent as Basic credentials.
   * @throws TypeError or RangeError that names the option and the rule.
   */
  constructor(name: string, url: string | URL, options: SseActorOptions = {}) {
    this.#settings = settingsOf(name, url, options);
    this.name = name;
    this.#feed = new Feed(`read the events of ${JSON.stringify(name)}`);
    this.#pace = new Pace(this.#settings.retry);
    this.#lastEventId = this.#settings.lastEventId;
  }

  /**
   * The last id that the stream has given, which the next life sends as `Last-Event-ID`; empty if none. Given back as the
   * option `lastEventId`, it lets another process go on where this one ended.
   */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /**
   * The events from now on, over crashes and restarts, until the actor is stopped for good; those that came by then can
   * still be read. Each iterator keeps the newest `buffer` events for its reader, and counts the others as `dropped`. One
   * that is not read to its end must be ended, by `break`, `return` or `signal`.
   *
   * @throws TypeError or RangeError that names the option and the rule.
   */
  events(options?: SseEventsOptions): SseEvents {
    return this.#feed.read(options);
  }

  /** One life: connects, then reads the stream until it is lost or `context.signal` aborts. */
  async run(context: ActorContext): Promise<void> {
    const { signal, logger } = context;
    this.#feed.open();
    try {
      await this.#wait(context);
      const exchange = await this.#connect(context);
      if (exchange !== undefined) await this.#read(exchange, context);
    } catch (error) {
      if (!signal.aborted) {
        this.#pace.lost(
          performance.now(),
          error instanceof SseStatusError ? error.retryAfter : undefined,
        );
        callHook("onError", this.#settings.onError, error as Error, logger);
      }
      throw error;
    }
  }

  /** For its supervisor: who reads the events has nothing to wait for any more. */
  onStopped(): void {
    this.#feed.end();
  }

  async #wait({ signal, logger }: ActorContext): Promise<void> {
    const remaining = this.#pace.remaining(performance.now());
    if (remaining === 0) return;
    logger.debug({ remaining }, "waiting as long as the server asked for");
    const { promise, resolve } = Promise.withResolvers<void>();
    const pause = new Deadline(remaining, resolve);
    try {
      await unlessAborted(promise, signal);
    } finally {
      pause.cancel();
    }
  }

  /** @returns `undefined` when the server says that there will be no more. */
  async #connect(context: ActorContext): Promise<Exchange | undefined> {
    const { signal, logger, defer, finish, ready } = context;
    const lastEventId = this.#lastEventId;
    const id = lastEventId === "" ? undefined : toHeaderValue(lastEventId);
    if (lastEventId !== "" && id === undefined) this.#reportId(context);
    const answer = await openStream(this.#settings, id, signal);
    if (typeof answer === "number") {
      logger.info({ status: answer }, "finished, as the server says that there will be no more");
      finish();
      return undefined;
    }
    const { exchange } = answer;
    defer(() => exchange.close());
    ready();
    const url = answer.url.href;
    const sent = id === undefined ? "" : lastEventId;
    logger.info({ url: addressOf(answer.url), lastEventId: sent }, "connected");
    callHook("onConnect", this.#settings.onConnect, { url, lastEventId: sent }, logger);
    return exchange;
  }

  #reportId({ logger }: ActorContext): void {
    const error = new SseRequestError(
      `Cannot send the last event id ${JSON.stringify(this.#lastEventId)}: a header cannot carry control characters`,
      false,
    );
    logger.warn({ error }, "connecting without the last event id");
    callHook("onError", this.#settings.onError, error, logger);
  }

  /** Rejects with why the stream is over. */
  #read(exchange: Exchange, { signal, logger }: ActorContext): Promise<void> {
    const { url, idleTimeout, maxEventSize, onEvent } = this.#settings;
    const address = addressOf(url);
    return new Promise((_, reject) => {
      let isOver = false;
      const end = (reason: unknown) => {
        isOver = true;
        silence.cancel();
        reject(reason);
      };
      const onAbort = () => end(signal.reason);
      const silence = new Deadline(idleTimeout, () =>
        end(new SseIdleError(`Lost the stream of ${address}: silent for ${idleTimeout} ms`)),
      );
      // What comes after the end, as the rest of a chunk whose first event stopped the actor, did not come.
      const stream = new EventStream(this.#lastEventId, maxEventSize, {
        onEvent: (event) => {
          if (isOver) return;
          callHook("onEvent", onEvent, event, logger);
          this.#feed.publish(event);
        },
        onId: (id) => {
          if (!isOver) this.#lastEventId = id;
        },
        onRetry: (milliseconds) => {
          if (!isOver) this.#pace.asked(milliseconds);
        },
      });
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) return onAbort();
      exchange.read({
        onBytes: (bytes) => {
          if (isOver) return;
          silence.postpone();
          if (stream.push(bytes) || isOver) return;
          end(
            new SseEventTooLargeError(
              `Lost the stream of ${address}: an event has more than ${maxEventSize} bytes`,
            ),
          );
        },
        onEnd: (cause) => {
          if (isOver) return;
          const why = cause === undefined ? "it ended" : reasonOf(cause, url);
          end(new SseClosedError(`Lost the stream of ${address}: ${why}`, { cause }));
        },
      });
    });
  }
}
