import type { Actor } from "../actor/context.ts";
import { ActorStoppedError } from "../errors.ts";
import type { Place } from "../line.ts";
import { Mailbox } from "../mailbox/mailbox.ts";
import { undisturbed } from "../observer/observer.ts";
import { childOf } from "./claim.ts";
import type { ResolvedChildOptions } from "./child-options.ts";
import { Life } from "./life.ts";
import { type RestartBudget, type RestartHistory, budgetOf } from "./restart-limit.ts";
import type { Supervisor } from "./supervisor.ts";

/**
 * Where a child is: `starting` (its turn has not come), `running` (not ready yet), `ready`, `waiting` for a restart,
 * `stopping`; or for good `stopped`, `failed` (its last life crashed) or `abandoned` (its last life did not end).
 */
export type ChildStatus =
  | "starting"
  | "running"
  | "ready"
  | "waiting"
  | "stopping"
  | "stopped"
  | "failed"
  | "abandoned";

/** What shall follow when the life that is being ended has ended; `policy`: it ends by itself. */
type Intent = "policy" | "stop" | "group" | "restart";

let lastId = 0;

/** Times are kept relative to this one: a small number lies in its object, a large one costs an object of its own. */
const epoch = Date.now();

/** The handle of one supervised actor. */
export class Child {
  /** Unique in the process, and ascending in the order in which children came. */
  readonly id: number = ++lastId;
  /** The actor itself. */
  readonly actor: Actor;
  /** Whose child it is. */
  readonly supervisor: Supervisor;
  /** Its own options, and those of its supervisor where it has none. */
  readonly options: ResolvedChildOptions;
  /** Where the child is. */
  status: ChildStatus = "starting";
  /** Lives that were started after the first one. */
  restarts = 0;
  /** The last crash, also when the actor was restarted since. */
  lastError: Error | undefined;

  /** @internal Whether it came with the supervisor's options, and stays listed. */
  readonly listed: boolean;
  /** @internal Neighbours in the supervisor's list. */
  ahead: Place | undefined;
  /** @internal */
  behind: Place | undefined;
  /** @internal */
  history: RestartHistory | undefined;
  /** @internal Whether the supervisor waits for it before it is ready itself. */
  awaited = false;
  /** @internal The present life. */
  life: Life | undefined;
  /** When that life began, or the last one, in milliseconds since `epoch`. */
  #begunAt: number | undefined;
  #intent: Intent = "policy";
  /** Why its last life crashed. */
  #crash: Error | undefined;
  /** Mailboxes that its lives receive from beside its own one. */
  #shared: Set<Mailbox<never>> | undefined;
  /** Resolved with the next change that somebody may be waiting for. */
  #change: PromiseWithResolvers<void> | undefined;

  /** @internal */
  constructor(
    supervisor: Supervisor,
    actor: Actor,
    options: ResolvedChildOptions,
    listed: boolean,
  ) {
    this.supervisor = supervisor;
    this.actor = actor;
    this.options = options;
    this.listed = listed;
  }

  /** When its present or last life began, in epoch milliseconds. */
  get startedAt(): number | undefined {
    return this.#begunAt === undefined ? undefined : epoch + this.#begunAt;
  }

  /** When the next life of a child that waits for one begins, in epoch milliseconds. */
  get restartsAt(): number | undefined {
    const { supervisor } = this;
    if (this.status !== "waiting" || !supervisor.running) return undefined;
    return supervisor.historyOf(this)?.restartsAt;
  }

  /** What is used up of its restart limit, where that counts for each child of its own. */
  get restartBudget(): RestartBudget | undefined {
    const { options, supervisor } = this;
    if (supervisor.strategy !== "one-for-one") return undefined;
    return budgetOf(options.restartLimit, this.history);
  }

  /** Resolves when the child has stopped for good: to the error of its last life, or `undefined`. Never rejects. */
  get done(): Promise<Error | undefined> {
    if (this.isOver) return Promise.resolve(this.#crash);
    return this.#until(() => this.isOver).then(() => this.#crash);
  }

  /** Stops the actor for good; resolves when that is done. */
  async stop(): Promise<void> {
    await this.halt("stop");
    await this.done;
  }

  /**
   * Ends the present life and begins a new one at once; resolves when it has begun. It does not count against the limit.
   * @throws {ActorStoppedError} when the child has stopped for good
   */
  async restart(): Promise<void> {
    if (this.status === "starting") return;
    await this.halt("restart");
    if (!this.isOver) return;
    throw new ActorStoppedError(`Cannot restart "${this.actor.name}": it has stopped for good`, {
      cause: this.#crash,
    });
  }

  /** @internal Whether it has stopped for good. */
  get isOver(): boolean {
    return this.status === "stopped" || this.status === "failed" || this.status === "abandoned";
  }

  /** @internal Whether it ended by itself: not because somebody asked, and not with its group. */
  get endedByItself(): boolean {
    return this.#intent === "policy";
  }

  /** @internal Comes under supervision; the actor has been claimed. */
  register(): void {
    const { mailbox } = this.actor;
    if (mailbox instanceof Mailbox) mailbox.attach(this);
    this.supervisor.childRegistered(this);
  }

  /** @internal A life of this child receives from `mailbox`. */
  receivesFrom(mailbox: Mailbox<never>): void {
    if (mailbox === this.actor.mailbox || this.#shared?.has(mailbox)) return;
    (this.#shared ??= new Set()).add(mailbox);
    mailbox.attach(this);
  }

  /** @internal There is nothing more to come from `mailbox`. */
  receivesNoMoreFrom(mailbox: Mailbox<never>): void {
    if (this.#shared?.delete(mailbox)) mailbox.detach();
  }

  /** @internal Begins a life. */
  begin(): void {
    const { actor, supervisor } = this;
    this.#intent = "policy";
    this.status = "running";
    if (this.#begunAt !== undefined) this.restarts++;
    this.#begunAt = Date.now() - epoch;
    const life = new Life(this);
    this.life = life;
    supervisor.announce("onActorStarted", actor);
    life.start();
  }

  /** @internal */
  beginAfter(delay: number): void {
    this.history!.timer = setTimeout(() => {
      // A supervisor that stops comes to this child in its turn.
      if (this.supervisor.running) this.begin();
    }, delay);
  }

  /**
   * @internal Ends the present life, if there is one, for what `intent` says.
   * @returns a promise when that takes time
   */
  halt(intent: Exclude<Intent, "policy">): Promise<void> | undefined {
    if (this.isOver) return undefined;
    if (this.#intent !== "stop") this.#intent = intent;
    clearTimeout(this.history?.timer);
    const life = this.life;
    if (life === undefined) {
      undisturbed(() => this.#follow(false));
      return undefined;
    }
    this.status = "stopping";
    life.stop();
    if (this.life !== life) return undefined;
    return this.#until(() => this.life !== life);
  }

  /** @internal Resolves when the present life is ready or has ended; `undefined` when it is or has. */
  settled(): Promise<void> | undefined {
    return this.status === "running" ? this.#until(() => this.status !== "running") : undefined;
  }

  /** @internal */
  lifeReady(life: Life): void {
    if (life !== this.life || this.status !== "running") return;
    this.status = "ready";
    this.supervisor.announce("onActorReady", this.actor);
    this.supervisor.childSettled(this);
    this.#changed();
  }

  /** @internal The life is over, or was left behind. */
  lifeOver(life: Life, abandoned: boolean): void {
    const { actor, supervisor } = this;
    const { crash } = life;
    this.life = undefined;
    this.#crash = crash;
    this.status = "waiting";
    if (crash !== undefined) this.lastError = crash;
    undisturbed(() => {
      if (crash !== undefined) supervisor.childFailed(this, crash);
      if (abandoned) supervisor.announce("onActorAbandoned", actor);
      else supervisor.announce("onActorStopped", actor, crash);
      if (life.finished) this.close(abandoned);
      else this.#follow(abandoned);
      supervisor.childSettled(this);
    });
    this.#changed();
  }

  /** @internal Stops for good. */
  close(abandoned: boolean): void {
    this.status = abandoned ? "abandoned" : this.#crash === undefined ? "stopped" : "failed";
    this.#changed();
    // It was never started.
    if (childOf(this.actor) !== this) return;
    undisturbed(() => {
      const { actor, supervisor } = this;
      const { mailbox } = actor;
      if (mailbox instanceof Mailbox) mailbox.detach();
      for (const shared of this.#shared ?? []) shared.detach();
      if (actor.onStopped !== undefined) {
        supervisor.callBack("onStopped", actor.name, () => actor.onStopped?.(this.#crash));
      }
      supervisor.childClosed(this);
    });
  }

  /** Does what comes after a life: what was intended with its end, or what the policy says. */
  #follow(abandoned: boolean): void {
    const { actor, options, supervisor } = this;
    const crash = this.#crash;
    if (this.#intent === "stop" || !supervisor.running) {
      this.close(abandoned);
    } else if (this.#intent === "restart") {
      supervisor.announce("onActorRestarting", actor, this.restarts + 1, crash, 0);
      this.begin();
    } else if (this.#intent === "policy") {
      const again = options.policy === "permanent" || (options.policy === "transient" && crash);
      if (again) supervisor.childEnded(this, crash);
      else this.close(abandoned);
    }
  }

  #changed(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await (this.#change ??= Promise.withResolvers()).promise;
  }
}
