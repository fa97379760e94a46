import type { Actor } from "../actor/context.ts";
import type { SendOptions } from "../mailbox/message.ts";

/**
 * What `adapterContract` must know of an adapter: how to have an actor of it, and how to do it harm. `Counterpart` is the
 * test's own: the other side of the connection, or of the process.
 */
export interface AdapterFixture<Adapter extends Actor, Counterpart extends AsyncDisposable> {
  /** Starts a healthy counterpart, such as a server on loopback. Each case has its own, and disposes of it. */
  readonly start: () => Promise<Counterpart>;
  /** A new actor for the counterpart. `hook`, where there is one, is what each of its hooks shall be. */
  readonly create: (counterpart: Counterpart, hook?: () => unknown) => Adapter;
  /** A new actor whose attempt to connect gets no answer at all. */
  readonly createUnanswered?:
    | ((counterpart: Counterpart) => Promise<Adapter> | Adapter)
    | undefined;
  /** Milliseconds after which the attempt of a `createUnanswered` actor gives up; left out if it never does. */
  readonly connectTimeout?: number | undefined;
  /** Makers of actors with one option that makes no sense each, by a name for it such as `a negative timeout`. */
  readonly invalid: Readonly<Record<string, () => unknown>>;
  /** Breaks the connection that there is; the next attempt succeeds. */
  readonly disconnect: (counterpart: Counterpart) => Promise<void> | void;
  /** Breaks the connection if there is one, and refuses each attempt until `accept`. */
  readonly refuse: (counterpart: Counterpart) => Promise<void> | void;
  /** Lets attempts succeed again. */
  readonly accept: (counterpart: Counterpart) => Promise<void> | void;
  /**
   * Counts by name of what a life may leave behind: sockets as the counterpart sees them, processes, timers, listeners on
   * what outlives a life. When a case is over no count may be above what it was before.
   */
  readonly resources: (
    counterpart: Counterpart,
  ) => Promise<Record<string, number>> | Record<string, number>;
  /** Left out for an adapter that is asked nothing. */
  readonly requests?: AdapterRequests<Adapter, Counterpart> | undefined;
  /**
   * Milliseconds within which a stop is over, whatever the counterpart does.
   * @defaultValue 1,000
   */
  readonly stopWithin?: number | undefined;
  /**
   * How often the connection is lost in the case that looks for what is left behind.
   * @defaultValue 1,000
   */
  readonly reconnects?: number | undefined;
  /**
   * Milliseconds that any other step may take.
   * @defaultValue 5,000
   */
  readonly patience?: number | undefined;
}

/** How an adapter is asked for something, and what the counterpart sees of it. */
export interface AdapterRequests<Adapter extends Actor, Counterpart extends AsyncDisposable> {
  /** Asks the actor for something that the counterpart can tell apart as number `id` (from 1); settles with it. */
  readonly send: (actor: Adapter, id: number, options?: SendOptions) => Promise<unknown>;
  /** The numbers that have arrived, in their order, repetitions included. */
  readonly received: (counterpart: Counterpart) => readonly number[];
  /** From now on a request stays pending once the actor took it: it is not answered, or not read. */
  readonly hold: (counterpart: Counterpart) => Promise<void> | void;
}
