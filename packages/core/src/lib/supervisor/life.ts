import type { ActorContext } from "../actor/context.ts";
import { toError } from "../errors.ts";
import type { ReceiveOptions, Receiver } from "../mailbox/receiver.ts";
import { harmlessChild, type Logger } from "../observer/logger.ts";
import { isAbort, isThenable } from "../outcome.ts";
import type { Child } from "./child.ts";

/** What `run` returns when the life is told of its end by other means. Who waited for it would be kept for ever. */
export const underway: Promise<void> = new Promise(() => {});

const livesBySignal = new WeakMap<AbortSignal, Life>();

let beingAborted: Life | undefined;

/** The life that `options` come from: its context, or its signal. */
export function lifeOf(options: ReceiveOptions): Life | undefined {
  if (options instanceof Life) return options;
  return options.signal && livesBySignal.get(options.signal);
}

/** The life whose signal is being aborted right now: whose signal a derived one derives from. */
export function lifeBeingAborted(): Life | undefined {
  return beingAborted;
}

/** One life of a supervised actor, from the call of `run` to the end of its last cleanup. */
export class Life implements ActorContext {
  readonly restarts: number;
  /** Whether the life must end: by a stop, a crash, or because `run` is over. */
  aborted = false;
  /** Whether it is over, or was left behind: nothing it does changes anything any more. */
  ended = false;
  /** Whether it ended for good by its own wish. */
  finished = false;
  /** Why it crashed; the first cause. */
  crash: Error | undefined;
  /** Whose life it is. */
  readonly owner: Child;
  #controller: AbortController | undefined;
  #cleanups: (() => unknown)[] | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  /** The first of the receivers that work for this life; they are linked by `before` and `after`. */
  #receivers: Receiver | undefined;

  constructor(child: Child) {
    this.owner = child;
    this.restarts = child.restarts;
  }

  // The controller is made when somebody asks for it: most actors never do.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      livesBySignal.set(this.#controller.signal, this);
      if (this.aborted) this.#controller.abort(this.#reason());
    }
    return this.#controller.signal;
  }

  get logger(): Logger {
    const { actor, supervisor } = this.owner;
    return harmlessChild(supervisor.loggerInUse, { actor: actor.name });
  }

  // The functions are made when they are asked for, so that they can be taken out of the context.
  get ready(): () => void {
    return () => this.owner.lifeReady(this);
  }

  get fail(): (error: unknown) => void {
    return (thrown) => this.#end(false, this.#toError(thrown));
  }

  get finish(): () => void {
    return () => this.#end(true, undefined);
  }

  get defer(): (cleanup: () => unknown) => void {
    return (cleanup) => {
      if (this.ended) void this.#cleanUp(cleanup);
      else (this.#cleanups ??= []).push(cleanup);
    };
  }

  start(): void {
    let running: Promise<void> | void;
    try {
      running = this.owner.actor.run(this);
    } catch (thrown) {
      return this.#settle(thrown, true);
    }
    if (running === underway) return;
    if (!isThenable(running)) return this.#settle(undefined, false);
    Promise.resolve(running).then(
      () => this.#settle(undefined, false),
      (thrown) => this.#settle(thrown, true),
    );
  }

  /** The serving that this life was for is over. */
  served(crash: Error | undefined): void {
    this.#settle(crash, crash !== undefined);
  }

  /** Asks the life to end; past the child's `shutdownTimeout` it is left behind. */
  stop(): void {
    this.#abort();
    if (!this.ended) this.#arm();
  }

  adopt(receiver: Receiver): void {
    if (this.ended) {
      receiver.life = this;
      receiver.ending = true;
      return;
    }
    // To receive anew is to be done with what the receiving before held.
    for (let other = this.aborted ? undefined : this.#receivers; other !== undefined;) {
      const { after } = other;
      if (other.ended && other.mailbox === receiver.mailbox) other.letGo();
      other = after;
    }
    receiver.life = this;
    receiver.after = this.#receivers;
    if (this.#receivers !== undefined) this.#receivers.before = receiver;
    this.#receivers = receiver;
    this.owner.receivesFrom(receiver.mailbox);
  }

  disown(receiver: Receiver): void {
    const { before, after } = receiver;
    if (before !== undefined) before.after = after;
    else if (this.#receivers === receiver) this.#receivers = after;
    if (after !== undefined) after.before = before;
    receiver.before = receiver.after = undefined;
  }

  /** Ends by itself; the first cause counts. */
  #end(finished: boolean, crash: Error | undefined): void {
    if (this.aborted) return;
    this.finished = finished;
    this.crash = crash;
    this.owner.status = "stopping";
    this.stop();
  }

  /** `run` is over. */
  #settle(thrown: unknown, threw: boolean): void {
    // One that was left behind changes nothing any more, and lets go what it holds.
    if (this.ended) return void this.#cleanUpAll();
    if (threw && !(this.aborted && isAbort(thrown, this.signal))) {
      this.crash ??= this.#toError(thrown);
    }
    this.#abort();
    if (this.#cleanups === undefined) return this.#close(false);
    this.owner.status = "stopping";
    this.#arm();
    void this.#cleanUpAll();
  }

  async #cleanUpAll(): Promise<void> {
    for (let cleanup = this.#cleanups?.pop(); cleanup; cleanup = this.#cleanups?.pop()) {
      await this.#cleanUp(cleanup);
    }
    this.#close(false);
  }

  async #cleanUp(cleanup: () => unknown): Promise<void> {
    try {
      await cleanup();
    } catch (thrown) {
      this.owner.supervisor.childFailed(this.owner, this.#toError(thrown));
    }
  }

  /** Nothing that is done from here on changes anything. */
  #close(abandoned: boolean): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.#deadline);
    for (let receiver = this.#receivers; receiver !== undefined; receiver = this.#receivers) {
      receiver.fence(this.crash);
    }
    this.owner.lifeOver(this, abandoned);
  }

  #abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    const outer = beingAborted;
    beingAborted = this;
    this.#controller?.abort(this.#reason());
    beingAborted = outer;
    for (let receiver = this.#receivers; receiver !== undefined;) {
      const { after } = receiver;
      receiver.abort();
      receiver = after;
    }
  }

  #arm(): void {
    const { shutdownTimeout } = this.owner.options;
    if (this.#deadline !== undefined || shutdownTimeout === Infinity) return;
    this.#deadline = setTimeout(() => this.#close(true), shutdownTimeout);
  }

  #toError(thrown: unknown): Error {
    return toError(thrown, `Actor "${this.owner.actor.name}" crashed`);
  }

  #reason(): DOMException {
    return new DOMException(`Actor "${this.owner.actor.name}" must end`, "AbortError");
  }
}
