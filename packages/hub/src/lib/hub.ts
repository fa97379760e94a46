import type { Ejection } from "./ejection.ts";
import { Generator } from "./generator.ts";
import { failuresOf } from "./errors.ts";
import { checkFunction, checkKey, show } from "./check.ts";
import {
  checkHubOptions,
  type EjectOptions,
  type HubOptions,
  type LeastLoadedOptions,
  type RoutingOptions,
} from "./options.ts";
import { hashOf, rendezvous, type StickyKey } from "./rendezvous.ts";
import { retry, type RetryContext, type RetryOptions, toRetryRules } from "./retry.ts";
import { Slot } from "./slot.ts";
import { type Chooser, LeastLoaded, RandomChoice, RoundRobin } from "./strategies.ts";

/**
 * A hub whose `next` takes one routee after the other: exactly fair over any as many turns as there are routees.
 *
 * @throws {TypeError | RangeError} when there is no routee, one is there twice, or an option makes no sense
 *
 * @example
 * ```ts
 * const hub = roundRobin([workerA, workerB, workerC]);
 * hub.next().cast("process", job);
 * ```
 */
export function roundRobin<Routee>(
  routees: readonly Routee[],
  options?: RoutingOptions<NoInfer<Routee>>,
): Hub<Routee> {
  return new Hub(routees, { ...options, strategy: "round-robin" });
}

/**
 * A hub whose `next` takes any routee, each with the same probability.
 *
 * @throws {TypeError | RangeError} when there is no routee, one is there twice, or an option makes no sense
 */
export function random<Routee>(
  routees: readonly Routee[],
  options?: RoutingOptions<NoInfer<Routee>>,
): Hub<Routee> {
  return new Hub(routees, { ...options, strategy: "random" });
}

/**
 * A hub whose `next` takes the less loaded of two routees that it chose at random.
 *
 * @throws {TypeError | RangeError} when there is no routee, one is there twice, or an option makes no sense
 *
 * @example
 * ```ts
 * const hub = leastLoaded(sockets, { load: (socket) => socket.bufferedAmount });
 * hub.next().send(frame);
 * ```
 */
export function leastLoaded<Routee>(
  routees: readonly Routee[],
  options?: LeastLoadedOptions<NoInfer<Routee>>,
): Hub<Routee> {
  return new Hub(routees, { ...options, strategy: "least-loaded" });
}

/** Distributes work over routees of one type: actors, mailboxes, connections, functions, or anything else. */
export class Hub<Routee> {
  readonly #options: HubOptions<Routee>;
  readonly #eject: EjectOptions | undefined;
  #chooser: Chooser<Routee>;
  readonly #slots = new Map<Routee, Slot<Routee>>();
  readonly #ids = new Set<string>();
  #added = 0;
  /** All routees. Both lists are in the order of addition, and replaced when something changes, so that a loop can go on. */
  #all: readonly Slot<Routee>[] = [];
  /** Those that do not rest; all where all rest. */
  #usable: readonly Slot<Routee>[] = [];

  /** @throws {TypeError | RangeError} when there is no routee, one is there twice, or an option makes no sense */
  constructor(routees: readonly Routee[], options: HubOptions<NoInfer<Routee>> = {}) {
    const action = "Cannot create hub";
    checkHubOptions(options);
    if (!Array.isArray(routees)) {
      throw new TypeError(`${action}: \`routees\` must be an array, got ${show(routees)}`);
    }
    if (routees.length === 0) {
      throw new RangeError(`${action}: \`routees\` must hold at least one routee, got none`);
    }
    this.#options = { ...options };
    this.#eject = options.eject && { ...options.eject };
    this.#chooser = createChooser(options);
    for (const routee of routees) this.#enter(action, routee);
    this.#rearrange();
  }

  /** The routee that the strategy chooses among those that do not rest. Allocates nothing. */
  next(): Routee {
    return this.#chooser.next().routee;
  }

  /** How many routees there are, those that rest included. */
  get length(): number {
    return this.#all.length;
  }

  /** All routees, in the order in which they were added. */
  get routees(): readonly Routee[] {
    return this.#all.map(({ routee }) => routee);
  }

  /**
   * Those that rest now because they kept failing, in the order in which they were added; none without the option `eject`.
   * Where all rest, all are used nevertheless.
   *
   * @example
   * ```ts
   * for (const { routee, until, error } of hub.ejected) {
   *   logger.warn({ routee, until: new Date(until), error }, "a routee rests");
   * }
   * ```
   */
  get ejected(): readonly Ejection<Routee>[] {
    return this.#all.flatMap(({ ejection }) => ejection ?? []);
  }

  /**
   * The routee of `key`: the same for the same key, in every process and version, as long as it is in the hub, whether it
   * rests or not. One of n routees that comes or goes moves 1/n of the keys: those that it takes, or had.
   *
   * @throws {TypeError | RangeError} when `key` is no string, number or bigint, or is NaN
   */
  sticky(key: StickyKey): Routee {
    checkKey("Cannot choose a routee", "key", key);
    return rendezvous(hashOf(key), this.#all).routee;
  }

  /**
   * Calls `run` with each routee, in order, before it returns. A promise that `run` returns is not waited for; `onError` is
   * told if it rejects.
   *
   * @throws {AggregateError} when `run` threw, after all calls; its `errors` are in the order of the routees
   */
  broadcast(run: (routee: Routee) => unknown): void {
    checkFunction("Cannot broadcast", "run", run);
    const errors: unknown[] = [];
    const slots = this.#all;
    for (const slot of slots) {
      try {
        const result = run(slot.routee);
        if (result !== undefined) this.#follow(slot, () => result);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw failuresOf("Cannot broadcast", errors, slots.length);
  }

  /** Starts `run` with each routee, and waits for none. `onError` is told of those that throw or reject. */
  fanOut(run: (routee: Routee) => unknown): void {
    checkFunction("Cannot fan out", "run", run);
    for (const slot of this.#all) this.#follow(slot, run);
  }

  /**
   * Starts `run` with each routee, and waits until all have settled.
   *
   * @returns the results, in the order of the routees. The promise rejects with an `AggregateError` when one or more threw or
   * rejected, after all have settled; its `errors` are in the order of the routees.
   */
  fanOutWait<Result>(run: (routee: Routee) => Result | PromiseLike<Result>): Promise<Result[]> {
    checkFunction("Cannot fan out", "run", run);
    return resultsOf(this.#all.map((slot) => slot.run(run)));
  }

  /**
   * Runs `run` with one routee after the other until it succeeds, at most `limit` times. The strategy chooses; none is used
   * twice before all were, and those that rest come last.
   *
   * @returns the first result. The promise rejects with a `RetryError` when the last attempt failed, or `retryIf` said no to
   * an error; with the reason of the signal as soon as that aborts.
   * @throws {TypeError | RangeError} when the limit or an option makes no sense
   *
   * @example
   * ```ts
   * const reply = await hub.retry(3, (worker, { signal }) => worker.call("process", job, { signal }), {
   *   delay: { initial: 100, max: 2_000 },
   *   signal: AbortSignal.timeout(10_000),
   * });
   * ```
   */
  retry<Result>(
    limit: number,
    run: (routee: Routee, context: RetryContext) => Result | PromiseLike<Result>,
    options: RetryOptions = {},
  ): Promise<Result> {
    const rules = toRetryRules(limit, options);
    checkFunction("Cannot retry", "run", run);
    const used = new Set<Slot<Routee>>();
    return retry(rules, (context) => {
      const slot = this.#nextAfter(used);
      return this.#attempt(slot, () => run(slot.routee, context), rules.signal);
    });
  }

  /**
   * Adds a routee, as the last in order.
   *
   * @throws {TypeError | RangeError} when it is `undefined` or `null`, in the hub already, or its key is taken
   */
  add(routee: Routee): void {
    this.#enter("Cannot add routee", routee);
    this.#rearrange();
  }

  /**
   * Removes a routee. What runs on it goes on.
   *
   * @throws {RangeError} when it is not in the hub, or the last one
   */
  remove(routee: Routee): void {
    const slot = this.#slots.get(routee);
    if (slot === undefined) {
      throw new RangeError(`Cannot remove routee: ${show(routee)} is not in the hub`);
    }
    if (this.#slots.size === 1) {
      throw new RangeError(`Cannot remove routee: ${show(routee)} is the last one in the hub`);
    }
    clearTimeout(slot.timer);
    this.#slots.delete(routee);
    this.#ids.delete(slot.id);
    this.#rearrange();
  }

  #enter(action: string, routee: Routee): void {
    if (routee === undefined || routee === null) {
      throw new TypeError(`${action}: a routee must not be ${String(routee)}`);
    }
    if (this.#slots.has(routee)) {
      throw new RangeError(`${action}: ${show(routee)} is in the hub already`);
    }
    const slot = new Slot(routee, this.#added, this.#keyOf(action, routee), this.#options.load);
    this.#added++;
    this.#slots.set(routee, slot);
    this.#ids.add(slot.id);
  }

  /** A key that a routee has once is its own for good: it does not change with those that come later. */
  #keyOf(action: string, routee: Routee): StickyKey {
    const { key: keyOf } = this.#options;
    if (keyOf === undefined) {
      const { name } = routee as { readonly name?: unknown };
      const isNamed = typeof name === "string" && name !== "" && !this.#ids.has(name);
      return isNamed ? name : `\0${this.#added}`;
    }
    const key = keyOf(routee);
    checkKey(action, "key(routee)", key);
    if (!this.#ids.has(String(key))) return key;
    throw new RangeError(
      `${action}: \`key(routee)\` must be different for each routee, got ${show(key)} twice`,
    );
  }

  #rearrange(): void {
    this.#all = [...this.#slots.values()];
    const awake = this.#all.filter(({ ejection }) => ejection === undefined);
    this.#usable = awake.length > 0 ? awake : this.#all;
    this.#chooser = this.#chooser.over(this.#usable);
  }

  #follow(slot: Slot<Routee>, run: (routee: Routee) => unknown): void {
    slot.run(run).catch((error: unknown) => this.#report(error, slot.routee));
  }

  /** An `onError` that is asynchronous, or throws, cannot hurt either. */
  #report(error: unknown, routee: Routee): void {
    const { onError } = this.#options;
    new Promise((resolve) => resolve(onError?.(error, routee))).catch(() => {});
  }

  /** Chooses for a retry that has `used` some already, and adds the choice to them. */
  #nextAfter(used: Set<Slot<Routee>>): Slot<Routee> {
    const slot = this.#chooser.among(this.#unused(used));
    used.add(slot);
    return slot;
  }

  #unused(used: Set<Slot<Routee>>): readonly Slot<Routee>[] {
    for (const slots of [this.#usable, this.#all]) {
      const unused = slots.filter((slot) => !used.has(slot));
      if (unused.length > 0) return unused;
    }
    const last = [...used].at(-1);
    used.clear();
    const others = this.#usable.filter((slot) => slot !== last);
    return others.length > 0 ? others : this.#usable;
  }

  async #attempt<Result>(
    slot: Slot<Routee>,
    run: () => Result | PromiseLike<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    try {
      const result = await slot.run(run);
      slot.failures = 0;
      return result;
    } catch (error) {
      // What ends because its caller gave up is no fault of the routee.
      if (signal?.aborted !== true) this.#failed(slot, error);
      throw error;
    }
  }

  #failed(slot: Slot<Routee>, error: unknown): void {
    const eject = this.#eject;
    if (eject === undefined || ++slot.failures < eject.after) return;
    const { routee } = slot;
    if (slot.ejection !== undefined || this.#slots.get(routee) !== slot) return;
    slot.ejection = { routee, until: Date.now() + eject.for, error };
    slot.timer = setTimeout(() => this.#wake(slot), eject.for);
    // A rest is no reason for a process to live on.
    (slot.timer as { unref?: () => void }).unref?.();
    this.#rearrange();
  }

  #wake(slot: Slot<Routee>): void {
    slot.ejection = undefined;
    slot.timer = undefined;
    slot.failures = 0;
    this.#rearrange();
  }
}

function createChooser<Routee>({ strategy }: HubOptions<Routee>): Chooser<Routee> {
  if (strategy === undefined || strategy === "round-robin") return new RoundRobin();
  const random = new Generator(Math.random() * 2 ** 32);
  return strategy === "random" ? new RandomChoice(random) : new LeastLoaded(random);
}

async function resultsOf<Result>(running: readonly Promise<Result>[]): Promise<Result[]> {
  const outcomes = await Promise.allSettled(running);
  const failed = outcomes.filter((outcome) => outcome.status === "rejected");
  if (failed.length === 0) return Promise.all(running);
  const errors = failed.map(({ reason }): unknown => reason);
  throw failuresOf("Cannot fan out", errors, running.length);
}
