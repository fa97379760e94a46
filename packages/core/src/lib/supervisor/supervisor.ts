// `AsyncDisposable` is in no `lib` that a target brings: who compiles against this has it all the same.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Actor, ActorContext } from "../actor/context.ts";
import { RestartLimitError } from "../errors.ts";
import { leaveLine, Line } from "../line.ts";
import { type Logger, logLevels, silent } from "../observer/logger.ts";
import { type SupervisorObserver, tell, undisturbed } from "../observer/observer.ts";
import { check, checkChoice, checkFunction, checkName } from "../options.ts";
import { Child, type ChildStatus } from "./child.ts";
import {
  type ChildOptions,
  type ResolvedChildOptions,
  resolveChildOptions,
} from "./child-options.ts";
import { checkFree, childOf, claim, supervisedAs, supervisorOf } from "./claim.ts";
import { budgetOf, type RestartBudget, RestartHistory } from "./restart-limit.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** Whom the restart of one child takes along: nobody, all, or those that were started after it. */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one";

/** When a supervisor ends by itself. */
export type AutoShutdown = "never" | "all" | "any-significant" | "all-significant";

/** An actor with options of its own. */
export interface ChildSpec extends ChildOptions {
  /** The actor itself. */
  readonly actor: Actor;
}

/** Options of a supervisor; `policy` to `shutdownTimeout` are for every child without its own. */
export interface SupervisorOptions extends Omit<ChildOptions, "significant"> {
  /**
   * Actors that are started with the supervisor, in this order.
   * @defaultValue none
   */
  readonly actors?: readonly (Actor | ChildSpec)[] | undefined;
  /**
   * When an actor is started again.
   * @defaultValue `"transient"`
   */
  readonly policy?: ChildOptions["policy"];
  /**
   * Whom the restart of one child takes along.
   * @defaultValue `"one-for-one"`
   */
  readonly strategy?: Strategy | undefined;
  /**
   * Milliseconds before a restart, with 10 % jitter either way; or a backoff.
   * @defaultValue 1,000
   */
  readonly restartDelay?: ChildOptions["restartDelay"];
  /**
   * More restarts of one child within the window (of the group, where a strategy restarts groups) end the supervisor
   * with a `RestartLimitError`.
   * @defaultValue none
   */
  readonly restartLimit?: ChildOptions["restartLimit"];
  /**
   * `ordered`: the next child starts when the one before is ready, or its run has ended.
   * @defaultValue `"concurrent"`
   */
  readonly startup?: "concurrent" | "ordered" | undefined;
  /**
   * Milliseconds that a child has to end after its signal aborted; past them it is left behind.
   * @defaultValue 5,000
   */
  readonly shutdownTimeout?: number | undefined;
  /**
   * When the supervisor ends by itself.
   * @defaultValue `"all"` with `actors`, `"never"` without
   */
  readonly autoShutdown?: AutoShutdown | undefined;
  /** Told of each crash of an own child, and of cleanups that failed. It cannot hurt. */
  readonly onError?: ((actor: Actor, error: Error) => void) | undefined;
  /**
   * Told of what happens here and below. `observe` adds others later.
   * @defaultValue none
   */
  readonly observer?: SupervisorObserver | undefined;
  /**
   * Told of the same in lines, and handed on to the actors as `context.logger`.
   * @defaultValue that of the supervisor above; the topmost logs nothing
   */
  readonly logger?: Logger | undefined;
}

/** What `start` and `run` take. */
export interface StartOptions {
  /** Stops the supervisor when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

const autoShutdowns = ["never", "all", "any-significant", "all-significant"];

/** How loud a logger is told of an event; of the others it is told by `debug`. */
const levels: { readonly [Event in keyof SupervisorObserver]?: "warn" | "error" } = {
  onActorRestarting: "warn",
  onActorAbandoned: "error",
  onMessageUndelivered: "warn",
  onSupervisorTerminal: "error",
};

/**
 * Starts actors, restarts those that crash, and stops them in order. It is an actor itself, so that supervisors nest.
 *
 * @example
 * ```ts
 * await using root = new Supervisor("root", { actors: [counter], policy: "permanent" });
 * root.start();
 * ```
 */
export class Supervisor implements Actor, AsyncDisposable {
  readonly name: string;
  readonly kind = "supervisor";
  /** It waits for its own children, each of which is bounded. */
  readonly shutdownTimeout: number = Infinity;
  /** As its options say. */
  readonly strategy: Strategy;
  /** As its options say. */
  readonly startup: "concurrent" | "ordered";
  /** As its options say. */
  readonly autoShutdown: AutoShutdown;
  /** When it was started last, in epoch milliseconds. */
  startedAt: number | undefined;
  /** Why it gave up; `undefined` when it did not, or was started anew. */
  failure: Error | undefined;
  /** @internal */
  [supervisedAs]: Child | undefined;
  /** @internal Whether an actor here or below was ever left behind. */
  hasAbandoned = false;
  readonly #options: SupervisorOptions;
  /** What its children have that have no options of their own. */
  readonly #defaults: ResolvedChildOptions;
  readonly #specs: readonly { readonly actor: Actor; readonly options: ResolvedChildOptions }[];
  /** Each in an object of its own, as the same one may be added twice. */
  #observers: readonly { readonly observer: SupervisorObserver }[] = [];
  #children: Line<Child> = new Line();
  /** Those whose turn may come while children are being started. */
  #queue: Child[] = [];
  #state: "idle" | "running" | "stopping" | "ended" = "idle";
  #end: PromiseWithResolvers<void> | undefined;
  #isStarting = false;
  /** Children that have not stopped for good, and those among them that are significant. */
  #living = 0;
  #significant = 0;
  /** Children that must be ready, or have ended, before this supervisor is ready. */
  #awaited = 0;
  #onReady: (() => void) | undefined;
  /** Of the group, in the strategies that restart groups. */
  #history: RestartHistory = new RestartHistory();
  /** The id from which on children are being restarted as a group. */
  #groupFrom = Infinity;
  /** Counts what changes the course: who has waited sees whether it is still its turn. */
  #turn = 0;

  /** @throws {TypeError | RangeError} when a name or an option makes no sense */
  constructor(name: string, options: SupervisorOptions = {}) {
    checkName("create supervisor", name);
    const action = `create supervisor "${name}"`;
    check(action, "options", options, "object", "an object");
    const {
      actors = [],
      strategy = "one-for-one",
      startup = "concurrent",
      autoShutdown = actors?.length === 0 ? "never" : "all",
      logger,
      observer,
      onError,
      ...defaults
    } = options;
    check(action, "actors", actors, "object", "a list of actors", Array.isArray(actors));
    checkChoice(action, "strategy", strategy, ["one-for-one", "one-for-all", "rest-for-one"]);
    checkChoice(action, "startup", startup, ["concurrent", "ordered"]);
    checkChoice(action, "autoShutdown", autoShutdown, autoShutdowns);
    checkFunction(action, "onError", onError);
    for (const method of logger === undefined ? [] : ([...logLevels, "child"] as const)) {
      check(action, `logger.${method}`, logger?.[method], "function", "a function");
    }
    this.name = name;
    this.strategy = strategy;
    this.startup = startup;
    this.autoShutdown = autoShutdown;
    this.#options = { ...options };
    if (observer !== undefined) this.#observe(action, observer);
    this.#defaults = resolveChildOptions(action, defaults);
    const seen = new Set<Actor>();
    this.#specs = actors.map((entry, index) => {
      const isBare = entry && "run" in entry;
      const { actor, ...own } = isBare ? { actor: entry } : { ...entry };
      const at = `actors[${index}]`;
      const options = this.#optionsOf(action, `${at}.run`, actor, isBare ? undefined : own);
      const spec = { actor, options };
      check(action, at, actor.name, "string", "another one than those before", !seen.has(actor));
      seen.add(actor);
      return spec;
    });
    this.#enlist();
  }

  /** The children: those of the options stay listed when they stopped, spawned ones do not. */
  get children(): readonly Child[] {
    return this.#children.toArray();
  }

  /**
   * Starts the children, and returns at once.
   * @throws {Error} when the supervisor is running, or one of its actors is supervised elsewhere
   */
  start(options: StartOptions = {}): void {
    void this.#begin(options);
  }

  /**
   * Starts the children; resolves when the supervisor has ended.
   * @param context a signal that stops it; its whole life where it is nested
   * @throws {RestartLimitError} when a child crossed the restart limit
   * @throws {Error} when the supervisor is running, or one of its actors is supervised elsewhere
   */
  async run(context: StartOptions | ActorContext = {}): Promise<void> {
    await this.#begin(context);
  }

  /**
   * Supervises one more actor: starts it now, or with the supervisor.
   * @throws {TypeError | RangeError} when the actor or an option makes no sense
   * @throws {Error} when the supervisor has been stopped, or the actor is supervised already
   */
  spawn(actor: Actor, options?: ChildOptions): Child {
    const resolved = this.#optionsOf("spawn", "run", actor, options);
    if (this.#state === "stopping" || this.#state === "ended") {
      throw new Error(
        `Cannot spawn "${actor.name}": supervisor "${this.name}" has been stopped, or has ended with its actors`,
      );
    }
    const child = new Child(this, actor, resolved, false);
    checkFree(child);
    claim(child);
    this.#children.add(child);
    if (this.#isStarting) this.#queue.push(child);
    child.register();
    // A start that is under way comes to this one, too.
    if (this.running && !this.#isStarting && child.status === "starting") child.begin();
    return child;
  }

  /** Stops the children in reverse order, each awaited before the next; resolves when the supervisor has ended. */
  async stop(): Promise<void> {
    if (this.#state === "idle" || this.running) void this.#shutDown();
    await this.wait();
  }

  /** Resolves when the supervisor has ended, however; at once when it is not running. Never rejects. */
  async wait(): Promise<void> {
    await this.#end?.promise.catch(() => {});
  }

  /**
   * Adds an observer, which is told of everything here and below, as that of the options is.
   * @returns removes it; it is told nothing from then on
   * @throws {TypeError} when it is no object
   */
  observe(observer: SupervisorObserver): () => void {
    return this.#observe(`observe supervisor "${this.name}"`, observer);
  }

  /** What is used up of its restart limit, where its strategy restarts groups; else each child has its own. */
  get restartBudget(): RestartBudget | undefined {
    return this.#isGrouped ? budgetOf(this.#defaults.restartLimit, this.#history) : undefined;
  }

  /** The tree below as plain data. */
  snapshot(): Snapshot {
    const { status, failure: lastError, startedAt } = this;
    const root = { id: 0, actor: this, status, restarts: 0, startedAt, lastError };
    return snapshotOf((supervisorOf(this) && childOf(this)) ?? root);
  }

  /** `stop()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** @internal */
  get running(): boolean {
    return this.#state === "running";
  }

  /** Where a supervisor is that is nobody's child; that of another one is its child's. */
  get status(): ChildStatus {
    if (this.#state === "idle") return "starting";
    if (this.#state === "stopping") return "stopping";
    if (this.#state === "ended") return this.failure === undefined ? "stopped" : "failed";
    return this.#isStarting || this.#awaited > 0 ? "running" : "ready";
  }

  /** @internal */
  get loggerInUse(): Logger {
    return this.#options.logger ?? supervisorOf(this)?.loggerInUse ?? silent;
  }

  /** @internal Logs; a logger that throws cannot hurt. */
  logEvent(
    level: "debug" | "warn" | "error",
    what: string,
    actor?: string,
    error?: unknown,
    delay?: number,
  ): void {
    const logger = this.loggerInUse;
    if (logger === silent) return;
    // When it fails there is nobody left to tell.
    tell(
      () => logger[level]({ supervisor: this.name, actor, error, delay }, what),
      () => {},
    );
  }

  /** @internal Tells the logger, and the observers here and above. */
  announce<Event extends keyof SupervisorObserver>(
    event: Event,
    ...values: Parameters<NonNullable<SupervisorObserver[Event]>>
  ): void {
    const [subject] = values;
    const name = "run" in subject ? subject.name : undefined;
    if (this.loggerInUse !== silent) {
      const error = values.find((value) => value instanceof Error);
      this.logEvent(levels[event] ?? "debug", event, name, error, values[3]);
    }
    for (
      let supervisor: Supervisor | undefined = this;
      supervisor !== undefined;
      supervisor = supervisorOf(supervisor)
    ) {
      if (event === "onActorAbandoned") supervisor.hasAbandoned = true;
      supervisor.#tellObservers(event, values, name);
    }
  }

  #tellObservers(event: keyof SupervisorObserver, values: unknown[], name?: string): void {
    for (const entry of this.#observers) {
      const { observer } = entry;
      const callback = observer[event] as ((...values: unknown[]) => void) | undefined;
      if (callback === undefined) continue;
      this.callBack(`observer's ${event}`, name, () => {
        if (this.#observers.includes(entry)) return callback.apply(observer, values);
      });
    }
  }

  /** @internal Calls back what belongs to somebody else; what it throws or rejects with is logged. */
  callBack(what: string, actor: string | undefined, callback: () => unknown): void {
    tell(callback, (error) => this.logEvent("error", what, actor, error));
  }

  /** @internal A life of `child` crashed, or one of its cleanups failed. */
  childFailed({ actor }: Child, failure: Error): void {
    this.logEvent("error", "failed", actor.name, failure);
    this.callBack("onError", actor.name, () => this.#options.onError?.(actor, failure));
  }

  /** @internal A child came under supervision. */
  childRegistered({ actor, options }: Child): void {
    this.#living++;
    if (options.significant) this.#significant++;
    this.announce("onActorRegistered", actor);
  }

  /** @internal A child is ready or has ended, for the first time in this run of the supervisor. */
  childSettled(child: Child): void {
    if (!child.awaited) return;
    child.awaited = false;
    this.#awaited--;
    this.#checkReady();
  }

  /** @internal A child has stopped for good. */
  childClosed(child: Child): void {
    const { significant } = child.options;
    this.#living--;
    if (significant) this.#significant--;
    if (!child.listed) leaveLine(child);
    this.childSettled(child);
    const isLast =
      this.autoShutdown === "all"
        ? this.#living === 0
        : significant &&
          child.endedByItself &&
          (this.autoShutdown === "any-significant" || this.#significant === 0);
    if (isLast && this.running) void this.#shutDown();
  }

  /** @internal Does what the policy of `child` asks for: restarts it, or gives up. */
  childEnded(child: Child, crash: Error | undefined): void {
    // It is started again with the group that is being restarted: that counts once.
    if (child.id >= this.#groupFrom) return;
    const { actor, lastError, options } = child;
    const history = this.#isGrouped ? this.#history : (child.history ??= new RestartHistory());
    const now = performance.now();
    history.epoch = Date.now() - now;
    if (options.restartLimit !== undefined) {
      const { maxRestarts, window } = options.restartLimit;
      const count = history.count(window, now);
      if (count > maxRestarts) {
        const error = new RestartLimitError(
          this.name,
          actor.name,
          count,
          window,
          crash ?? lastError,
        );
        void this.#shutDown(error, child);
        return;
      }
    }
    const delay = history.nextDelay(options.restartDelay, now, Math.random());
    this.announce("onActorRestarting", actor, child.restarts + 1, crash, delay);
    if (this.#isGrouped) void this.#restartGroup(child, now + delay);
    else child.beginAfter(delay);
  }

  /** @internal Of the restarts that `child` has a part in. */
  historyOf(child: Child): RestartHistory | undefined {
    return this.#isGrouped ? this.#history : child.history;
  }

  #observe(action: string, observer: SupervisorObserver): () => void {
    check(action, "observer", observer, "object", "an object");
    const entry = { observer };
    this.#observers = [...this.#observers, entry];
    return () => {
      this.#observers = this.#observers.filter((other) => other !== entry);
    };
  }

  #optionsOf(
    action: string,
    what: string,
    actor: Actor,
    options: ChildOptions | undefined,
  ): ResolvedChildOptions {
    const run: unknown = actor?.["run"];
    check(action, what, run, "function", "a function of the actor");
    checkName(`${action} an actor`, actor.name);
    if (options === undefined && actor.shutdownTimeout === undefined) return this.#defaults;
    const doing = `${action}, actor "${actor.name}"`;
    const shutdownTimeout = options?.shutdownTimeout ?? actor.shutdownTimeout;
    const resolved = resolveChildOptions(doing, { ...options, shutdownTimeout }, this.#defaults);
    if (resolved.significant) {
      checkChoice(doing, "autoShutdown", this.autoShutdown, autoShutdowns.slice(2));
    }
    return resolved;
  }

  /** Lists the children that come with the options anew. */
  #enlist(): void {
    this.#children = new Line();
    for (const { actor, options } of this.#specs) {
      this.#children.add(new Child(this, actor, options, true));
    }
  }

  /** Starts, or throws why it cannot; the promise settles with the end. */
  #begin(context: StartOptions | ActorContext): Promise<void> {
    if (!("withResolvers" in Promise)) {
      throw new Error(`Cannot start supervisor "${this.name}": it needs Node 22.12 or newer`);
    }
    if (this.running || this.#state === "stopping") {
      throw new Error(`Cannot start supervisor "${this.name}": it is already running`);
    }
    if (this.#state === "ended") this.#enlist();
    const { signal } = context;
    const due = this.children.filter((child) => !child.isOver);
    const unclaimed = due.filter((child) => child.listed);
    // All or none: a supervisor does not start with a part of its actors.
    unclaimed.forEach(checkFree);
    const onAbort = (): void => {
      if (this.running) void this.#shutDown();
    };
    const release = (): void => signal?.removeEventListener("abort", onAbort);
    signal?.addEventListener("abort", onAbort);
    unclaimed.forEach(claim);
    this.#state = "running";
    this.failure = undefined;
    this.#history = new RestartHistory();
    this.startedAt = Date.now();
    this.#onReady = "ready" in context ? context.ready : undefined;
    this.#isStarting = true;
    this.#end = Promise.withResolvers();
    const { promise } = this.#end;
    promise.then(release, release);
    const turn = this.#turn;
    undisturbed(() => {
      for (const child of due) {
        child.awaited = true;
        this.#awaited++;
        if (child.listed) child.register();
      }
    });
    // An observer may have stopped it.
    if (turn !== this.#turn) return promise;
    if (signal?.aborted === true) void this.#shutDown();
    else void this.#beginEach();
    return promise;
  }

  #started(): void {
    this.#isStarting = false;
    this.#checkReady();
    if (this.autoShutdown === "all" && this.#living === 0) void this.#shutDown();
  }

  get #isGrouped(): boolean {
    return this.strategy !== "one-for-one";
  }

  #checkReady(): void {
    if (this.status !== "ready") return;
    this.#onReady?.();
    this.#onReady = undefined;
  }

  /** Begins a life of each child that has had none, or waits for its group, in order; unless the course changes. */
  async #beginEach(): Promise<void> {
    const turn = ++this.#turn;
    // What is spawned meanwhile joins in.
    const queue = (this.#queue = this.#children.toArray());
    for (const child of queue) {
      const isDue = child.status === "starting" || (this.#isGrouped && child.status === "waiting");
      if (!isDue) continue;
      child.begin();
      const settled = this.startup === "ordered" ? child.settled() : undefined;
      if (settled !== undefined) await settled;
      if (turn !== this.#turn) return;
    }
    this.#queue = [];
    if (this.#isStarting) this.#started();
  }

  /** Stops those that `child` takes along in reverse order, and starts all of them in order when `due` has come. */
  async #restartGroup(child: Child, due: number): Promise<void> {
    const turn = ++this.#turn;
    // A crash outside of the group that is being restarted widens it.
    this.#groupFrom = this.strategy === "one-for-all" ? 0 : child.id;
    for (const sibling of this.children.toReversed()) {
      const { id, status } = sibling;
      if (id < this.#groupFrom || status === "waiting" || status === "starting") continue;
      const ended = sibling.halt(sibling.options.policy === "temporary" ? "stop" : "group");
      if (ended !== undefined) await ended;
      if (turn !== this.#turn) return;
    }
    clearTimeout(this.#history.timer);
    await new Promise<void>((resolve) => {
      this.#history.timer = setTimeout(resolve, Math.max(0, due - performance.now()));
    });
    if (turn !== this.#turn) return;
    this.#groupFrom = Infinity;
    await this.#beginEach();
  }

  async #shutDown(failure?: Error, culprit?: Child): Promise<void> {
    this.#state = "stopping";
    this.failure = failure;
    this.#queue = [];
    this.#turn++;
    this.#groupFrom = Infinity;
    clearTimeout(this.#history.timer);
    culprit?.close(false);
    if (failure !== undefined) this.announce("onSupervisorTerminal", failure);
    for (const child of this.children.toReversed()) {
      const ended = child.halt("stop");
      if (ended !== undefined) await ended;
    }
    this.#state = "ended";
    if (failure === undefined) this.#end?.resolve();
    else this.#end?.reject(failure);
    this.#end = undefined;
  }
}
