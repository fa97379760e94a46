import { faultOf, isAnswerTo } from "./answer.ts";
import { Codec, type LibraryError } from "./codec/codec.ts";
import { ModbusExceptionError, ModbusFrameError, ModbusTimeoutError } from "./errors.ts";
import { startDeadline } from "./deadline.ts";
import { actionOf, type ModbusAnswer, type ModbusRequest } from "./request.ts";
import type { Link, OpenLink } from "./transport/link.ts";

/** Of whom errors speak, when a device counts as silent, and when a connection as dead. */
export interface ConnectionOptions {
  readonly address: string;
  /** Milliseconds from a request on the wire to its answer. */
  readonly timeout: number;
  /** Requests in a row without an answer. */
  readonly failAfter: number;
}

/** What a connection tells its owner. */
export interface ConnectionEvents {
  /** The connection is gone, and why; told once, after all its requests were settled. */
  onLost(error: Error): void;
  /** A message was dropped, as it answers nothing that is on the wire. */
  onDropped(transactionId: number, message: Buffer): void;
}

/** How a request ended. */
export type Outcome = { readonly answer: ModbusAnswer } | { readonly error: unknown };

/** One life of the connection to a device: finds the answer of each request, and settles every request that it took. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #codec = new Codec();
  readonly #exchanges = new Map<number, Exchange>();
  #link: Link | undefined;
  #end: { readonly reason: unknown } | undefined;
  #lastId = 0;
  #unanswered = 0;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** @throws What `openLink` throws; of that attempt nothing is left. */
  async open(openLink: OpenLink, signal: AbortSignal): Promise<void> {
    this.#link = await openLink(
      {
        onMessage: (transactionId, message) => this.#receive(transactionId, message),
        onLost: (error) => this.#lose(error),
      },
      signal,
    );
  }

  /**
   * Puts `request` on the wire and calls `settle` once with its outcome. When `signal` aborts, the outcome is its reason;
   * the answer that may still come is awaited, and dropped.
   */
  request(request: ModbusRequest, signal: AbortSignal, settle: (outcome: Outcome) => void): void {
    if (signal.aborted) return settle({ error: signal.reason });
    if (this.#end !== undefined) return settle({ error: this.#end.reason });
    const id = this.#freeId();
    const sent = this.#codec.encode(id, request, (error, answer) =>
      this.#decoded(exchange, error, answer),
    );
    const exchange: Exchange = {
      id,
      request,
      sent,
      settle: (outcome) => {
        signal.removeEventListener("abort", giveUp);
        exchange.settle = undefined;
        settle(outcome);
      },
      callOff: startDeadline(this.#options.timeout, () => this.#expire(exchange)),
    };
    const giveUp = () => this.#abandon(exchange, signal.reason);
    signal.addEventListener("abort", giveUp);
    this.#exchanges.set(id, exchange);
    this.#link?.send(id, sent);
  }

  /** Ends the connection: requests on the wire settle with `reason` at once; resolves when nothing of it is left. */
  async close(reason: unknown): Promise<void> {
    this.#finish(reason);
    await this.#link?.close();
  }

  #receive(id: number, message: Buffer): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined || !isAnswerTo(exchange.sent, message))
      return this.#events.onDropped(id, message);
    this.#unanswered = 0;
    const fault = faultOf(exchange.sent, message);
    if (fault === undefined) return this.#codec.decode(id, message);
    const error = new ModbusFrameError(`Cannot ${this.#actionOf(exchange)}: ${fault}`);
    this.#settle(exchange, { error });
  }

  #decoded(exchange: Exchange, error: LibraryError | undefined, answer: ModbusAnswer): void {
    if (error === undefined) return this.#settle(exchange, { answer });
    const action = this.#actionOf(exchange);
    this.#settle(exchange, { error: errorOf(action, error) });
  }

  #expire(exchange: Exchange): void {
    const { address, timeout, failAfter } = this.#options;
    const silence = `no answer within ${timeout} ms`;
    const error = new ModbusTimeoutError(`Cannot ${this.#actionOf(exchange)}: ${silence}`);
    this.#settle(exchange, { error });
    if (++this.#unanswered < failAfter) return;
    const count = failAfter === 1 ? "" : `, ${failAfter} times in a row`;
    this.#lose(
      new ModbusTimeoutError(`Gave up on ${address}: ${silence}${count}`, { cause: error }),
    );
  }

  /**
   * The exchange goes on without its caller, so that a device that is only slower than its callers' patience is not taken
   * for dead, and one that is dead is found out however short their patience.
   */
  #abandon(exchange: Exchange, reason: unknown): void {
    exchange.settle?.({ error: reason });
    if (this.#exchanges.size > mostAbandoned) this.#remove(exchange);
  }

  #lose(error: Error): void {
    if (this.#end !== undefined) return;
    this.#finish(error);
    this.#events.onLost(error);
  }

  #finish(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    for (const exchange of this.#exchanges.values()) this.#settle(exchange, { error: reason });
  }

  #settle(exchange: Exchange, outcome: Outcome): void {
    this.#remove(exchange);
    exchange.settle?.(outcome);
  }

  #remove(exchange: Exchange): void {
    exchange.callOff();
    this.#exchanges.delete(exchange.id);
    this.#codec.forget(exchange.id);
  }

  #actionOf({ request }: Exchange): string {
    return `${actionOf(request)} at ${this.#options.address}`;
  }

  /** Ids go round in 16 bits, past those that still await an answer: a late one finds nothing under its id. */
  #freeId(): number {
    do this.#lastId = (this.#lastId + 1) & 0xffff;
    while (this.#exchanges.has(this.#lastId));
    return this.#lastId;
  }
}

/** A request on the wire. */
interface Exchange {
  readonly id: number;
  readonly request: ModbusRequest;
  readonly sent: Buffer;
  /** Ends the wait for the answer. */
  readonly callOff: () => void;
  /** Gone once called: nobody waits any more. */
  settle: ((outcome: Outcome) => void) | undefined;
}

function errorOf(action: string, error: LibraryError): Error {
  if (error.modbusCode === undefined) {
    return new ModbusFrameError(`Cannot ${action}: ${error.message}`, { cause: error });
  }
  return new ModbusExceptionError(action, error.modbusCode, { cause: error });
}

/** Exchanges without a caller that are kept; what a storm of aborts adds to them tells nothing new. */
const mostAbandoned = 64;
