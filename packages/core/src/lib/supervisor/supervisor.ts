import type { Actor, ActorContext } from "../actor/context.ts";
import { RestartLimitError } from "../errors.ts";
import { type Logger, silent } from "../observer/logger.ts";
import { type SupervisorObserver, tell } from "../observer/observer.ts";
import { checkChoice, checkFunction, checkName } from "../options.ts";
import { Child } from "./child.ts";
import { type ChildOptions, type ChildRules, toChildRules } from "./child-options.ts";
import { claim, release, supervisedAs } from "./claim.ts";
import { RestartHistory } from "./restart-limit.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** Whom the restart of one child takes along: nobody, all, or those that were started after it. */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one";

/** When a supervisor ends by itself. */
export type AutoShutdown = "never" | "all" | "any-significant" | "all-significant";

/** An actor with options of its own. */
export interface ChildSpec extends ChildOptions {
  readonly actor: Actor;
}

/** Options of a supervisor; `policy` to `shutdownTimeout` are for every child without its own. */
export interface SupervisorOptions extends Omit<ChildOptions, "significant"> {
  /** Actors that are started with the supervisor, in this order. */
  readonly actors?: readonly (Actor | ChildSpec)[] | undefined;
  /**
   * When an actor is started again.
   * @defaultValue `"transient"`
   */
  readonly policy?: ChildOptions["policy"];
  /** @defaultValue `"one-for-one"` */
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
  /** @defaultValue `"all"` with `actors`, `"never"` without */
  readonly autoShutdown?: AutoShutdown | undefined;
  /** Told of each crash of an own child, and of cleanups that failed. It cannot hurt. */
  readonly onError?: ((actor: Actor, error: Error) => void) | undefined;
  readonly observer?: SupervisorObserver | undefined;
  /** @defaultValue that of the supervisor above; the topmost logs nothing */
  readonly logger?: Logger | undefined;
}

/** What `start` and `run` take. */
export interface StartOptions {
  /** Stops the supervisor when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

type State = "idle" | "running" | "stopping" | "ended";

const defaultShutdownTimeout = 5_000;
const strategies = ["one-for-one", "one-for-all", "rest-for-one"];
const autoShutdowns = ["never", "all", "any-significant", "all-significant"];

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
  readonly kind: "supervisor" = "supervisor";
  /** @internal */
  [supervisedAs]: Child | undefined = undefined;
  /** @internal */
  startedAt: number | undefined = undefined;
  readonly #options: SupervisorOptions;
  readonly #rules: ChildRules;
  readonly #specs: { actor: Actor; rules: ChildRules }[];
  readonly #strategy: Strategy;
  readonly #autoShutdown: AutoShutdown;
  #state: State = "idle";
  #failure: Error | undefined = undefined;
  #first: Child | undefined = undefined;
  #last: Child | undefined = undefined;
  /** Children that have not stopped for good, and those among them that are significant. */
  #living = 0;
  #significant = 0;
  #starting = false;
  /** Children whose turn to start has not come. */
  #queue: Child[] = [];
  /** Children that must be ready, or have ended, for this supervisor to be ready. */
  #awaited = 0;
  #ready = false;
  #onReady: (() => void) | undefined = undefined;
  #release: (() => void) | undefined = undefined;
  #end: PromiseWithResolvers<void> | undefined = undefined;
  /** Of the group, in the strategies that restart groups. */
  #history: RestartHistory | undefined = undefined;
  #group: { turn: number; firstId: number; timer?: ReturnType<typeof setTimeout> } = {
    turn: 0,
    firstId: Infinity,
  };

  /** @throws {TypeError | RangeError} when a name or an option makes no sense */
  constructor(name: string, options: SupervisorOptions = {}) {
    checkName("Cannot create supervisor", name);
    const action = `Cannot create supervisor "${name}"`;
    const { actors = [], strategy = "one-for-one", startup = "concurrent" } = options;
    const { autoShutdown = actors.length === 0 ? "never" : "all" } = options;
    checkChoice(action, "strategy", strategy, strategies);
    checkChoice(action, "startup", startup, ["concurrent", "ordered"]);
    checkChoice(action, "autoShutdown", autoShutdown, autoShutdowns);
    if (options.onError !== undefined) checkFunction(action, "onError", options.onError);
    this.name = name;
    this.#options = options;
    this.#strategy = strategy;
    this.#autoShutdown = autoShutdown;
    this.#rules = toChildRules(action, options, undefined);
    this.#specs = actors.map((entry) => {
      const spec = "run" in entry ? { actor: entry } : entry;
      return { actor: spec.actor, rules: this.#rulesOf(action, spec.actor, spec) };
    });
    if (new Set(this.#specs.map(({ actor }) => actor)).size < actors.length) {
      throw new TypeError(`${action}: the same actor object is listed twice in \`actors\``);
    }
    this.#enlistSpecs();
  }

  /** The children: those of the options stay listed when they stopped, spawned ones do not. */
  get children(): readonly Child[] {
    const children: Child[] = [];
    for (let child = this.#first; child !== undefined; child = child.after) children.push(child);
    return children;
  }

  /**
   * Starts the children, and returns at once.
   * @throws {Error} when the supervisor is running, or one of its actors is supervised elsewhere
   */
  start(options: StartOptions = {}): void {
    this.#begin(options).catch(() => {});
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
    const action = `Cannot spawn on supervisor "${this.name}"`;
    const rules = this.#rulesOf(action, actor, options);
    if (this.#state === "stopping" || this.#state === "ended") {
      throw new Error(`${action}: it has ${this.#state === "ended" ? "ended" : "been stopped"}`);
    }
    const child = new Child(this, actor, rules, false);
    claim(actor, child);
    this.#enlist(child);
    child.register();
    if (this.#state === "running") {
      if (this.#starting) this.#queue.push(child);
      else if (child.status === "starting") child.begin();
    }
    return child;
  }

  /** Stops the children in reverse order, each awaited before the next; resolves when the supervisor has ended. */
  async stop(): Promise<void> {
    if (this.#state === "idle") {
      this.#state = "stopping";
      await this.#stopChildren();
    }
    this.#shutdown();
    await this.wait();
  }

  /** Resolves when the supervisor has ended, however; at once when it is not running. Never rejects. */
  async wait(): Promise<void> {
    await this.#end?.promise.catch(() => {});
  }

  /** The tree below as plain data. */
  snapshot(): Snapshot {
    return snapshotOf(this, this[supervisedAs]);
  }

  /** `stop()` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** @internal */
  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** @internal The status of a supervisor that is nobody's child. */
  get status(): Child["status"] {
    if (this.#state === "idle") return "starting";
    if (this.#state === "running") return this.#ready ? "ready" : "running";
    if (this.#state === "stopping") return "stopping";
    return this.#failure === undefined ? "stopped" : "failed";
  }

  /** @internal Why it ended, if it gave up. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** @internal */
  get logger(): Logger {
    return this.#options.logger ?? this[supervisedAs]?.supervisor.logger ?? silent;
  }

  /** @internal Logs; a logger that throws cannot hurt. */
  log(level: "debug" | "info" | "warn" | "error", bindings: Record<string, unknown>, message: string): void {
    try {
      this.logger[level]({ supervisor: this.name, ...bindings }, message);
    } catch {
      // There is nobody left to tell.
    }
  }

  /** @internal */
  shutdownTimeoutOf(actor: Actor): number {
    if (actor instanceof Supervisor) return Infinity;
    return this.#rules.shutdownTimeout ?? defaultShutdownTimeout;
  }

  /** @internal Tells the observers here and above. */
  emit<Event extends keyof SupervisorObserver>(
    event: Event,
    ...values: Parameters<NonNullable<SupervisorObserver[Event]>>
  ): void {
    for (
      let supervisor: Supervisor | undefined = this;
      supervisor !== undefined;
      supervisor = supervisor[supervisedAs]?.supervisor
    ) {
      const { observer } = supervisor.#options;
      if (observer?.[event] === undefined) continue;
      const callback = observer[event] as (...values: unknown[]) => void;
      tell(
        () => callback.apply(observer, values),
        (error) => this.log("error", { error }, `observer's ${event} failed`),
      );
    }
  }

  /** @internal A life of `child` crashed, or one of its cleanups failed. */
  childFailed(child: Child, error: Error): void {
    const { onError } = this.#options;
    this.log("error", { actor: child.actor.name, error }, `"${child.actor.name}" failed`);
    if (onError === undefined) return;
    tell(
      () => onError(child.actor, error),
      (thrown) => this.log("error", { error: thrown }, "onError failed"),
    );
  }

  /** @internal A child has been ready or has ended for the first time in this run. */
  childSettled(child: Child): void {
    if (!child.awaited) return;
    child.awaited = false;
    this.#awaited--;
    this.#checkReady();
  }

  /** @internal A child came under supervision. */
  childRegistered(child: Child): void {
    this.#living++;
    if (child.rules.significant) this.#significant++;
    this.emit("onActorRegistered", child.actor);
  }

  /** @internal A child has stopped for good. */
  childClosed(child: Child): void {
    this.#living--;
    if (child.rules.significant) this.#significant--;
    if (!child.listed) this.#unlist(child);
    this.childSettled(child);
    if (this.#mustEnd(child)) this.#shutdown();
  }

  /** @internal Decides on the restart that the policy of `child` asks for. */
  restart(child: Child, crash: Error | undefined): void {
    const { backoff, limit } = child.rules;
    const grouped = this.#strategy !== "one-for-one";
    const history = grouped
      ? (this.#history ??= new RestartHistory())
      : (child.history ??= new RestartHistory());
    const now = performance.now();
    if (limit !== undefined) {
      const count = history.count(limit.window, now);
      if (count > limit.maxRestarts) {
        const { name } = child.actor;
        const cause = crash ?? child.lastError;
        return this.#giveUp(
          child,
          new RestartLimitError(this.name, name, count, limit.window, cause),
        );
      }
    }
    const delay = history.nextDelay(backoff, now, Math.random());
    child.restarts++;
    const { name } = child.actor;
    this.log("warn", { actor: name, delay, error: crash }, `"${name}" will be restarted`);
    this.emit("onActorRestarting", child.actor, child.restarts, crash, delay);
    if (child.status !== "waiting" || !this.isRunning) return;
    if (grouped) void this.#restartGroup(child, now + delay);
    else child.beginAfter(delay);
  }

  #rulesOf(action: string, actor: Actor, options: ChildOptions | undefined): ChildRules {
    if (typeof actor?.run !== "function") {
      throw new TypeError(`${action}: an actor must have a \`name\` and a \`run\` function`);
    }
    checkName(`${action}: an actor's name is wrong`, actor.name);
    if (options === undefined) return this.#rules;
    const rules = toChildRules(`${action}, actor "${actor.name}"`, options, this.#rules);
    if (rules.significant && !this.#autoShutdown.endsWith("significant")) {
      throw new TypeError(
        `${action}: "${actor.name}" is \`significant\`, which means nothing with \`autoShutdown\` "${this.#autoShutdown}"`,
      );
    }
    return rules;
  }

  #enlistSpecs(): void {
    this.#first = this.#last = undefined;
    for (const { actor, rules } of this.#specs) this.#enlist(new Child(this, actor, rules, true));
  }

  #enlist(child: Child): void {
    child.before = this.#last;
    if (this.#last === undefined) this.#first = child;
    else this.#last.after = child;
    this.#last = child;
  }

  #unlist(child: Child): void {
    const { before, after } = child;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    child.before = child.after = undefined;
  }

  /** Starts, or throws why it cannot; the promise settles with the end. */
  #begin(context: StartOptions | ActorContext): Promise<void> {
    if (this.#state === "running" || this.#state === "stopping") {
      throw new Error(`Cannot start supervisor "${this.name}": it is already running`);
    }
    if (this.#state === "ended") this.#enlistSpecs();
    this.#claimListed();
    this.#state = "running";
    this.#failure = undefined;
    this.#history = undefined;
    this.#ready = false;
    this.#onReady = "ready" in context ? context.ready : undefined;
    this.startedAt = Date.now();
    this.#end = Promise.withResolvers();
    const { promise } = this.#end;
    const { signal } = context;
    const onAbort = (): void => this.#shutdown();
    signal?.addEventListener("abort", onAbort);
    this.#release = () => signal?.removeEventListener("abort", onAbort);
    this.#queue = [...this.children];
    this.#awaited = this.#queue.length;
    for (const child of this.#queue) {
      child.awaited = true;
      if (child.listed) child.register();
    }
    if (signal?.aborted === true) this.#shutdown();
    else void this.#startChildren();
    return promise;
  }

  /** All or none: a supervisor does not start with a part of its actors. */
  #claimListed(): void {
    const claimed: Child[] = [];
    try {
      for (const child of this.children) {
        if (!child.listed) continue;
        claim(child.actor, child);
        claimed.push(child);
      }
    } catch (error) {
      for (const child of claimed) release(child.actor, child);
      throw error;
    }
  }

  async #startChildren(): Promise<void> {
    const run = this.#end;
    this.#starting = true;
    // What is spawned meanwhile joins the queue.
    for (const child of this.#queue) {
      if (child.status === "starting") child.begin();
      const settled = this.#options.startup === "ordered" ? child.settled() : undefined;
      if (settled !== undefined) await settled;
      if (this.#end !== run || !this.isRunning) return;
    }
    this.#starting = false;
    this.#queue = [];
    this.#checkReady();
    if (this.#autoShutdown === "all" && this.#living === 0) this.#shutdown();
  }

  #checkReady(): void {
    if (this.#ready || this.#starting || this.#awaited > 0 || !this.isRunning) return;
    this.#ready = true;
    this.#onReady?.();
  }

  #mustEnd(child: Child): boolean {
    if (!this.isRunning) return false;
    if (this.#autoShutdown === "all") return this.#living === 0 && !this.#starting;
    if (!child.rules.significant || !child.endedByItself) return false;
    return this.#autoShutdown === "any-significant" || this.#significant === 0;
  }

  #giveUp(child: Child, error: RestartLimitError): void {
    this.#state = "stopping";
    this.#failure = error;
    child.giveUp();
    this.log("error", { error }, error.message);
    this.emit("onSupervisorTerminal", error);
    void this.#stopChildren();
  }

  #shutdown(): void {
    if (!this.isRunning) return;
    this.#state = "stopping";
    void this.#stopChildren();
  }

  async #stopChildren(): Promise<void> {
    this.#starting = false;
    this.#queue = [];
    this.#group.turn++;
    clearTimeout(this.#group.timer);
    for (const child of this.children.toReversed()) {
      const ended = child.halt("stop");
      if (ended !== undefined) await ended;
    }
    this.#state = "ended";
    this.#release?.();
    this.#release = undefined;
    const end = this.#end;
    this.#end = undefined;
    if (this.#failure === undefined) end?.resolve();
    else end?.reject(this.#failure);
  }

  /** Stops those that `child` takes along in reverse order, and starts all of them in order when `due` has come. */
  async #restartGroup(child: Child, due: number): Promise<void> {
    const group = this.#group;
    const turn = ++group.turn;
    // A crash outside of a group that is being restarted widens it.
    group.firstId = Math.min(group.firstId, this.#strategy === "one-for-all" ? 0 : child.id);
    const { firstId } = group;
    const isCurrent = (): boolean => group.turn === turn && this.isRunning;
    for (const sibling of this.children.toReversed()) {
      if (sibling.id < firstId || sibling.status === "waiting") continue;
      const ended = sibling.halt(sibling.rules.policy === "temporary" ? "stop" : "group");
      if (ended !== undefined) await ended;
      if (!isCurrent()) return;
    }
    clearTimeout(group.timer);
    await new Promise<void>((resolve) => {
      group.timer = setTimeout(resolve, Math.max(0, due - performance.now()));
    });
    if (!isCurrent()) return;
    for (const sibling of this.children) {
      if (sibling.id < firstId || sibling.status !== "waiting") continue;
      if (sibling !== child) sibling.restarts++;
      sibling.begin();
      const settled = this.#options.startup === "ordered" ? sibling.settled() : undefined;
      if (settled !== undefined) await settled;
      if (!isCurrent()) return;
    }
    group.firstId = Infinity;
  }
}
