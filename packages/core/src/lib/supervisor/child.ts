import type { Actor } from "../actor/context.ts";
import { ActorStoppedError } from "../errors.ts";
import type { Envelope } from "../mailbox/envelope.ts";
import { Mailbox } from "../mailbox/mailbox.ts";
import type { AnyMessage } from "../observer/observer.ts";
import type { Logger } from "../observer/logger.ts";
import { release } from "./claim.ts";
import type { ChildRules } from "./child-options.ts";
import { Life } from "./life.ts";
import type { RestartHistory } from "./restart-limit.ts";
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

/** The handle of one supervised actor. */
export class Child {
  /** Unique in the process, and ascending in the order in which children came. */
  readonly id: number = ++lastId;
  readonly actor: Actor;
  /** Where the child is. */
  status: ChildStatus = "starting";
  /** Lives that were started after the first one. */
  restarts = 0;
  /** When its present or last life began, in epoch milliseconds. */
  startedAt: number | undefined = undefined;
  /** The last crash, also when the actor was restarted since. */
  lastError: Error | undefined = undefined;

  /** @internal */
  readonly rules: ChildRules;
  /** @internal */
  readonly supervisor: Supervisor;
  /** @internal Whether it came with the supervisor's options, and stays listed. */
  readonly listed: boolean;
  /** @internal Neighbours in the supervisor's list. */
  before: Child | undefined = undefined;
  /** @internal */
  after: Child | undefined = undefined;
  /** @internal */
  history: RestartHistory | undefined = undefined;
  /** @internal Whether the supervisor waits for it before it is ready itself. */
  awaited = false;
  #registered = false;
  #life: Life | undefined = undefined;
  #intent: Intent = "policy";
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  /** Why its last life crashed. */
  #crash: Error | undefined = undefined;
  #mailboxes: Set<Mailbox<never>> | undefined = undefined;
  #onSettled: (() => void) | undefined = undefined;
  #ended: PromiseWithResolvers<void> | undefined = undefined;
  #done: PromiseWithResolvers<Error | undefined> | undefined = undefined;

  /** @internal */
  constructor(supervisor: Supervisor, actor: Actor, rules: ChildRules, listed: boolean) {
    this.supervisor = supervisor;
    this.actor = actor;
    this.rules = rules;
    this.listed = listed;
  }

  /** Resolves when the child has stopped for good: to the error of its last life, or `undefined`. Never rejects. */
  get done(): Promise<Error | undefined> {
    if (this.isOver) return Promise.resolve(this.#crash);
    return (this.#done ??= Promise.withResolvers()).promise;
  }

  /** Stops the actor for good; resolves when that is done. */
  async stop(): Promise<void> {
    this.halt("stop");
    await this.done;
  }

  /**
   * Ends the present life and begins a new one at once; resolves when it has begun. It does not count against the limit.
   * @throws {ActorStoppedError} when the child has stopped for good
   */
  async restart(): Promise<void> {
    if (this.status === "starting") return;
    if (this.#intent !== "stop") {
      if (this.#life !== undefined) await this.halt("restart");
      else if (!this.isOver) this.#beginAgain();
    }
    if (this.#intent === "stop") await this.done;
    if (this.isOver) {
      throw new ActorStoppedError(
        `Cannot restart "${this.actor.name}": it has stopped for good`,
        { cause: this.#crash },
      );
    }
  }

  /** @internal Whether it has stopped for good. */
  get isOver(): boolean {
    return this.status === "stopped" || this.status === "failed" || this.status === "abandoned";
  }

  /** @internal Whether it ended by itself: not because somebody asked, and not with its group. */
  get endedByItself(): boolean {
    return this.#intent === "policy";
  }

  /** @internal Milliseconds that a life has to end. */
  get shutdownTimeout(): number {
    return this.rules.shutdownTimeout ?? this.supervisor.shutdownTimeoutOf(this.actor);
  }

  /** @internal Comes under supervision; the actor has been claimed. */
  register(): void {
    this.#registered = true;
    const { mailbox } = this.actor;
    if (mailbox instanceof Mailbox) mailbox.attach(this);
    this.supervisor.childRegistered(this);
  }

  /** @internal Begins a life. */
  begin(): void {
    this.#timer = undefined;
    this.#intent = "policy";
    this.#crash = undefined;
    this.status = "running";
    this.startedAt = Date.now();
    const life = new Life(this, this.restarts);
    this.#life = life;
    const { mailbox } = this.actor;
    if (mailbox instanceof Mailbox) mailbox.life = life;
    this.supervisor.emit("onActorStarted", this.actor);
    life.start();
  }

  /** @internal */
  beginAfter(delay: number): void {
    this.#timer = setTimeout(() => this.begin(), delay);
  }

  /**
   * @internal Ends the present life, if there is one, for what `intent` says.
   * @returns a promise when that takes time
   */
  halt(intent: Exclude<Intent, "policy">): Promise<void> | undefined {
    if (this.isOver) return undefined;
    if (this.#intent !== "stop") this.#intent = intent;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const life = this.#life;
    if (life === undefined) {
      if (intent === "stop") this.#close(false);
      return undefined;
    }
    this.status = "stopping";
    life.stop();
    if (this.#life !== life) return undefined;
    return (this.#ended ??= Promise.withResolvers<void>()).promise;
  }

  /** @internal Resolves when the present life is ready or has ended. */
  settled(): Promise<void> | undefined {
    if (this.#life === undefined || this.#life.isReady) return undefined;
    return new Promise((resolve) => (this.#onSettled = resolve));
  }

  /** @internal */
  lifeReady(life: Life): void {
    if (life !== this.#life) return;
    this.status = "ready";
    this.supervisor.emit("onActorReady", this.actor);
    this.#settle();
  }

  /** @internal */
  lifeEnding(life: Life): void {
    if (life === this.#life) this.status = "stopping";
  }

  /** @internal */
  lifeEnded(life: Life): void {
    this.#leave(life);
    this.supervisor.emit("onActorStopped", this.actor, life.crash);
    this.#proceed(life, false);
  }

  /** @internal */
  lifeAbandoned(life: Life): void {
    this.#leave(life);
    const { name } = this.actor;
    const { shutdownTimeout } = this;
    this.supervisor.log("error", { actor: name, shutdownTimeout }, `"${name}" did not end: left behind`);
    this.supervisor.emit("onActorAbandoned", this.actor);
    this.#proceed(life, true);
  }

  /** @internal */
  cleanupFailed(error: Error): void {
    this.supervisor.childFailed(this, error);
  }

  /** @internal A life of this child receives from `mailbox`. */
  receivesFrom(mailbox: Mailbox<never>): void {
    if (mailbox === this.actor.mailbox || this.#mailboxes?.has(mailbox) === true) return;
    (this.#mailboxes ??= new Set()).add(mailbox);
    mailbox.attach(this);
  }

  /** @internal */
  undelivered(message: Envelope, reason: Error): void {
    const { name } = this.actor;
    this.supervisor.log("warn", { actor: name, type: message.type, error: reason }, "undelivered");
    this.supervisor.emit(
      "onMessageUndelivered",
      this.actor,
      message as unknown as AnyMessage,
      reason,
    );
  }

  /** @internal What went wrong without harming the actor. */
  report(thrown: unknown, what: string): void {
    this.supervisor.log("warn", { actor: this.actor.name, error: thrown }, what);
  }

  /** @internal */
  logger(): Logger {
    return this.supervisor.logger.child({ actor: this.actor.name });
  }

  /** @internal The supervisor gave up because of this child. */
  giveUp(): void {
    this.#close(false);
  }

  /** The life is over, and what follows is not decided yet. */
  #leave(life: Life): void {
    const { mailbox } = this.actor;
    if (mailbox instanceof Mailbox && mailbox.life === life) mailbox.life = undefined;
    this.#life = undefined;
    this.#crash = life.crash;
    this.status = "waiting";
    if (life.crash === undefined) return;
    this.lastError = life.crash;
    this.supervisor.childFailed(this, life.crash);
  }

  #proceed(life: Life, abandoned: boolean): void {
    this.#settle();
    // An observer may have stopped the child meanwhile.
    if (!this.isOver) {
      if (life.finished || this.#intent === "stop" || !this.supervisor.isRunning) {
        this.#close(abandoned);
      } else if (this.#intent === "restart") {
        this.#beginAgain();
      } else if (this.#intent === "policy") {
        if (this.#mustRestart(life)) this.supervisor.restart(this, life.crash);
        else this.#close(abandoned);
      }
    }
    this.#ended?.resolve();
    this.#ended = undefined;
  }

  #mustRestart(life: Life): boolean {
    const { policy } = this.rules;
    return policy === "permanent" || (policy === "transient" && life.crash !== undefined);
  }

  #beginAgain(): void {
    this.restarts++;
    this.supervisor.emit("onActorRestarting", this.actor, this.restarts, this.#crash, 0);
    if (!this.isOver) this.begin();
  }

  /** Stops for good. */
  #close(abandoned: boolean): void {
    if (this.isOver) return;
    this.status = abandoned ? "abandoned" : this.#crash === undefined ? "stopped" : "failed";
    this.#done?.resolve(this.#crash);
    if (!this.#registered) return;
    release(this.actor, this);
    const { mailbox } = this.actor;
    if (mailbox instanceof Mailbox) mailbox.detach();
    for (const shared of this.#mailboxes ?? []) shared.detach();
    this.#mailboxes = undefined;
    this.supervisor.childClosed(this);
  }

  #settle(): void {
    this.#onSettled?.();
    this.#onSettled = undefined;
    this.supervisor.childSettled(this);
  }
}
