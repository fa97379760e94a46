import type { Actor, ActorContext } from "../actor/context.ts";
import type { MailboxStatus } from "../mailbox/mailbox.ts";

/** Options of a `Puppet`. */
export interface PuppetOptions {
  /**
   * What each life does by itself when it begins; what it throws is thrown by `run`.
   * @defaultValue nothing
   */
  readonly script?: ((life: PuppetLife) => void) | undefined;
  /**
   * A `Mailbox` that belongs to the puppet.
   * @defaultValue none
   */
  readonly mailbox?: MailboxStatus | undefined;
}

/**
 * An actor that does what a test tells it, and keeps a record of its lives. Untold, a life runs until its signal aborts
 * and then ends cleanly.
 *
 * @example
 * ```ts
 * const worker = new Puppet("worker");
 * const root = new Supervisor("root", { actors: [worker], restartDelay: 0 });
 * root.start();
 * worker.life.ready();
 * worker.life.crash(new Error("boom"));
 * ```
 */
export class Puppet implements Actor {
  readonly name: string;
  readonly kind = "puppet";
  readonly mailbox: MailboxStatus | undefined;
  /** All lives, the first one first. */
  readonly lives: PuppetLife[] = [];
  readonly #script: ((life: PuppetLife) => void) | undefined;

  constructor(name: string, options: PuppetOptions = {}) {
    this.name = name;
    this.mailbox = options.mailbox;
    this.#script = options.script;
  }

  /**
   * The present or last life.
   * @throws {Error} when there was none
   */
  get life(): PuppetLife {
    const life = this.lives.at(-1);
    if (life === undefined)
      throw new Error(`Cannot command puppet "${this.name}": it has not been started`);
    return life;
  }

  /** Whether a life of it has not ended. */
  get isRunning(): boolean {
    return this.lives.some((life) => life.state !== "ended");
  }

  /** One life; for supervisors. */
  run(context: ActorContext): Promise<void> {
    const life = new PuppetLife(this.name, context);
    this.lives.push(life);
    this.#script?.(life);
    return life.run;
  }
}

/** One life of a puppet, and the strings to pull. */
export class PuppetLife {
  /** What the supervisor gave to this life. */
  readonly context: ActorContext;
  /** `running`; `hanging` once its signal aborted and it was told not to heed that; `ended` once `run` is over. */
  state: "running" | "hanging" | "ended" = "running";
  /** @internal */
  readonly run: Promise<void>;
  readonly #name: string;
  readonly #settled: PromiseWithResolvers<void> = Promise.withResolvers();
  #hangs = false;

  /** @internal */
  constructor(name: string, context: ActorContext) {
    this.#name = name;
    this.context = context;
    this.run = this.#settled.promise;
    const { signal } = context;
    if (signal.aborted) this.#stop();
    else signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Becomes ready. */
  ready(): void {
    this.context.ready();
  }

  /** Lets `run` reject: with what is given, be it `undefined`, or with an error of its own. */
  crash(...given: [error?: unknown]): void {
    this.state = "ended";
    this.#settled.reject(this.#error(given));
  }

  /** Lets `run` resolve. */
  end(): void {
    this.state = "ended";
    this.#settled.resolve();
  }

  /** Ends cleanly and for good, by `context.finish`. */
  finish(): void {
    this.context.finish();
  }

  /** Crashes by `context.fail`, with the like; unless it hangs, `run` resolves then. */
  fail(...given: [error?: unknown]): void {
    this.context.fail(this.#error(given));
  }

  /** Heeds its signal no more: `run` goes on until `crash` or `end`. */
  hang(): void {
    this.#hangs = true;
  }

  #error(given: [error?: unknown]): unknown {
    return given.length > 0 ? given[0] : new Error(`Puppet "${this.#name}" was told to crash`);
  }

  #stop(): void {
    if (this.state === "ended") return;
    if (this.#hangs) this.state = "hanging";
    else this.end();
  }
}
