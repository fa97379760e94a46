import { Deadline } from "@sup/core/adapter";
import { faultOf, isAnswerTo } from "./answer.ts";
import { Codec, type LibraryError } from "../codec/codec.ts";
import { ModbusExceptionError, ModbusFrameError, ModbusTimeoutError } from "../errors.ts";
import { actionOf, type ModbusAnswer, type ModbusRequest } from "../request/request.ts";
import type { LineTurns, Link, OpenLink } from "../transport/link.ts";

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
  /** A message was dropped, as it answers nothing that is on the wire; or bytes that are none, without an id. */
  onDropped(transactionId: number | undefined, message: Buffer): void;
}

/** What a request tells who made it. */
export interface RequestEvents {
  /** It goes on the wire now; the last moment to give it up. */
  onSend?(): void;
  /** How it ended; told once. */
  onSettled(outcome: Outcome): void;
}

/** How a request ended. */
export type Outcome = { readonly answer: ModbusAnswer } | { readonly error: unknown };

/** One life of the connection to a device: finds the answer of each request, and settles every request that it took. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #codec = new Codec();
  readonly #exchanges = new Map<number, Exchange>();
  /** Ends of requests that wait for their turn on a line. */
  readonly #waiting = new Set<(reason: unknown) => void>();
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
        onDropped: (bytes) => this.#events.onDropped(undefined, bytes),
        onLost: (error) => this.#lose(error),
      },
      signal,
    );
  }

  /**
   * Puts `request` on the wire, on a line when its turn has come, and tells how it ended. When `signal` aborts, that is its
   * reason; before its turn, the request is never sent; after that, the answer that may still come is awaited, and dropped.
   */
  request(request: ModbusRequest, signal: AbortSignal, events: RequestEvents): void {
    if (signal.aborted) return events.onSettled({ error: signal.reason });
    if (this.#end !== undefined) return events.onSettled({ error: this.#end.reason });
    const line = this.#link!.line;
    if (line === undefined) this.#send(request, signal, events);
    else this.#sendInTurn(line, request, signal, events);
  }

  /** Ends the connection: requests on the wire settle with `reason` at once; resolves when nothing of it is left. */
  async close(reason: unknown): Promise<void> {
    this.#finish(reason);
    await this.#link?.close();
  }

  #sendInTurn(
    line: LineTurns,
    request: ModbusRequest,
    signal: AbortSignal,
    events: RequestEvents,
  ): void {
    const leave = () => {
      this.#waiting.delete(quit);
      signal.removeEventListener("abort", giveUp);
    };
    const quit = (reason: unknown) => {
      leave();
      withdraw();
      events.onSettled({ error: reason });
    };
    const giveUp = () => quit(signal.reason);
    this.#waiting.add(quit);
    signal.addEventListener("abort", giveUp);
    const withdraw = line.take(() => {
      leave();
      this.#send(request, signal, events);
    });
  }

  #send(request: ModbusRequest, signal: AbortSignal, events: RequestEvents): void {
    events.onSend?.();
    if (signal.aborted) {
      this.#link!.line?.release();
      return events.onSettled({ error: signal.reason });
    }
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
        events.onSettled(outcome);
      },
      certainAt: 0,
      deadline: undefined,
    };
    const giveUp = () => this.#abandon(exchange, signal.reason);
    signal.addEventListener("abort", giveUp);
    this.#exchanges.set(id, exchange);
    const link = this.#link!;
    let duration: number;
    try {
      duration = link.send(id, sent);
    } catch (error) {
      return this.#settle(exchange, { error });
    }
    // It may be over by now: what is written can be answered, or lost, before it is known to be written.
    if (this.#exchanges.get(id) !== exchange) return;
    if (link.line === undefined) this.#await(exchange, this.#options.timeout);
    else this.#occupy(link.line, exchange, duration);
  }

  /** On a line the time of the request on the wire comes first, and an answer may be late by as much as it is awaited. */
  #occupy(line: LineTurns, exchange: Exchange, duration: number): void {
    const { timeout } = this.#options;
    const isBroadcast = exchange.request.unitId === 0;
    const end = duration + (isBroadcast ? line.turnaround : timeout);
    exchange.certainAt = performance.now() + end + (isBroadcast ? 0 : timeout);
    if (!isBroadcast) return this.#await(exchange, end);
    const settle = () => this.#settle(exchange, { answer: noAnswerTo(exchange) });
    exchange.deadline = new Deadline(end, settle);
  }

  #await(exchange: Exchange, milliseconds: number): void {
    exchange.deadline = new Deadline(milliseconds, () => this.#expire(exchange));
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
    const error = this.#missingAnswer(exchange);
    this.#conclude(exchange, { error });
    if (++this.#unanswered < failAfter) return;
    const count = failAfter === 1 ? "" : `, ${failAfter} times in a row`;
    const silence = `no answer within ${timeout} ms`;
    this.#lose(
      new ModbusTimeoutError(`Gave up on ${address}: ${silence}${count}`, { cause: error }),
    );
  }

  #missingAnswer(exchange: Exchange): Error {
    const action = `Cannot ${this.#actionOf(exchange)}`;
    const within = `within ${this.#options.timeout} ms`;
    const rest = this.#link?.rest;
    if (rest === undefined || rest.length === 0)
      return new ModbusTimeoutError(`${action}: no answer ${within}`);
    const bytes = `${rest.toString("hex", 0, mostShown)}${rest.length > mostShown ? "…" : ""}`;
    return new ModbusFrameError(`${action}: what came ${within} is no answer to it (${bytes})`);
  }

  /** Nobody waits any more. On a line its late answer would be taken for the next one's: the line stays taken for it. */
  #conclude(exchange: Exchange, outcome: Outcome): void {
    if (this.#link?.line === undefined) return this.#settle(exchange, outcome);
    exchange.deadline = new Deadline(this.#options.timeout, () => this.#remove(exchange));
    exchange.settle?.(outcome);
  }

  /**
   * The exchange goes on without its caller, so that a device that is only slower than its callers' patience is not taken
   * for dead, and one that is dead is found out however short their patience.
   */
  #abandon(exchange: Exchange, reason: unknown): void {
    exchange.settle?.({ error: reason });
    if (this.#link?.line === undefined && this.#exchanges.size > mostAbandoned)
      this.#remove(exchange);
  }

  #lose(error: Error): void {
    if (this.#end !== undefined) return;
    this.#finish(error);
    this.#events.onLost(error);
  }

  #finish(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    for (const quit of this.#waiting) quit(reason);
    for (const exchange of this.#exchanges.values()) this.#settle(exchange, { error: reason });
  }

  #settle(exchange: Exchange, outcome: Outcome): void {
    this.#remove(exchange);
    exchange.settle?.(outcome);
  }

  #remove(exchange: Exchange): void {
    exchange.deadline?.cancel();
    this.#exchanges.delete(exchange.id);
    this.#codec.forget(exchange.id);
    const line = this.#link?.line;
    if (line === undefined) return;
    // What a connection did not wait for may come in the next one.
    const isCut = this.#end !== undefined;
    line.release(isCut ? Math.max(exchange.certainAt - performance.now(), 0) : 0);
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
  /** On a line: until then, of `performance.now()`, the answer may come, were it late. */
  certainAt: number;
  /** Ends the wait for the answer. */
  deadline: Deadline | undefined;
  /** Gone once called: nobody waits any more. */
  settle: ((outcome: Outcome) => void) | undefined;
}

/** A broadcast has none; where bytes are the answer, it is none of them. */
function noAnswerTo({ request }: Exchange): ModbusAnswer {
  return "bytes" in request ? Buffer.alloc(0) : undefined;
}

function errorOf(action: string, error: LibraryError): Error {
  const options = error instanceof Error ? { cause: error } : undefined;
  if (error.modbusCode !== undefined)
    return new ModbusExceptionError(action, error.modbusCode, options);
  return new ModbusFrameError(`Cannot ${action}: ${(error as Error).message}`, options);
}

/** Exchanges without a caller that are kept; what a storm of aborts adds to them tells nothing new. */
const mostAbandoned = 64;

/** Bytes that an error shows of what is no answer. */
const mostShown = 32;
