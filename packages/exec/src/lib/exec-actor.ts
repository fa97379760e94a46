import { type Actor, type ActorContext, type CallOptions, Mailbox } from "@sup/core";
import { callHook, Check, Feed, unlessAborted } from "@sup/core/adapter";
import { ExecSpawnError } from "./errors.ts";
import { type ExecActorOptions, type Settings, settingsOf } from "./options.ts";
import { guard } from "./orphans/guard.ts";
import type { LineIterator, LinesOptions, OutputLine } from "./output/output-line.ts";
import { RunningProcess } from "./process/running-process.ts";

/** What the mailbox of an `ExecActor` takes. Its methods validate and queue; nobody else should. */
export interface ExecProtocol {
  /** Data for the process's input. */
  write(data: string | Uint8Array): void;
}

/** Milliseconds after `stopGrace` for SIGKILL to take effect, and for the last output to be read. */
const killTime = 2_000;

/** Milliseconds that a timer of JavaScript keeps. */
const longestDelay = 2_147_483_647;

/**
 * An external program as an actor: one process, in a process group of its own, per life.
 *
 * The actor is ready as the option `ready` says. It crashes with `ExecExitError` when the process ends and not with one of
 * the `successCodes`, with `ExecSpawnError` when it cannot be started, with `ExecReadyError` when it is not ready in time.
 * Its end is seen when it exits, whoever holds its output; what is left of its group has half a second to end, and is
 * killed then. A stop sends `stopSignal` to the group, and SIGKILL after `stopGrace`.
 *
 * @example
 * ```ts
 * const proxy = new ExecActor("proxy", "./bin/proxy", ["--port", "5432"], {
 *   ready: { line: /listening/ },
 *   onLine: ({ stream, line }) => console.log(stream, line),
 * });
 * await using root = new Supervisor("root", { actors: [proxy], policy: "permanent" });
 * root.start();
 *
 * await proxy.write("reload\n");
 * ```
 */
export class ExecActor implements Actor {
  readonly name: string;
  /** What dashboards group by. */
  readonly kind = "exec";
  /** What it needs to end, in milliseconds: `stopGrace`, and time for what comes after it. */
  readonly shutdownTimeout: number;
  /** Where writes wait for their turn, and for a process. */
  readonly mailbox: Mailbox<ExecProtocol>;
  readonly #settings: Settings;
  readonly #feed: Feed<OutputLine>;
  #process: RunningProcess | undefined;
  /** Resolves when the process of the last life is gone. */
  #gone: Promise<void> = Promise.resolve();
  #isGuarded = false;

  /**
   * @param program - a name, which is looked for in `PATH`, or a path, which counts from `cwd`. No shell reads it.
   * @throws TypeError or RangeError that names the option and the rule.
   */
  constructor(
    name: string,
    program: string,
    args: readonly string[] = [],
    options: ExecActorOptions = {},
  ) {
    this.#settings = settingsOf(name, program, args, options);
    this.name = name;
    this.shutdownTimeout = Math.min(this.#settings.stopGrace + killTime, longestDelay);
    this.mailbox = new Mailbox<ExecProtocol>({ capacity: this.#settings.capacity });
    this.#feed = new Feed(`read the lines of ${JSON.stringify(name)}`, "wait");
  }

  /** The id of the process, and of its group; `undefined` when there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Writes to the input of the process: in the order of the calls, each whole, and over lives what had not its turn.
   * Resolves when the system has taken all of it, so that who waits for it is as fast as the process reads.
   *
   * Rejects with `ExecWriteError` when the process closed its input (the actor lives), ends or is stopped before it took
   * all; with the signal's reason or a `TimeoutError` when the call's own `signal` or `timeout` ends it, in which case
   * what the system did not take yet still goes out if its turn had come; with `ActorStoppedError` when the actor is
   * stopped for good.
   */
  write(data: string | Uint8Array, options?: CallOptions): Promise<void> {
    try {
      if (typeof data !== "string" && !(data instanceof Uint8Array))
        writing.refuse("data", "a string or bytes", data);
      return this.mailbox.call("write", data, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Every line that the processes write from now on, over all lives, until the actor is stopped for good or `signal` aborts.
   *
   * None is lost: while an iterator holds `buffer` lines (256) that it was not asked for, the process has to wait as soon as
   * its pipe is full. So one that is not read any more must be ended: by its signal, by leaving the loop, or by `return()`.
   */
  lines(options?: LinesOptions): LineIterator {
    return this.#feed.read(options);
  }

  /** One life: starts the program, then takes writes until it ends or `context.signal` aborts. */
  async run(context: ActorContext): Promise<void> {
    const { signal, logger } = context;
    this.#feed.open();
    await unlessAborted(this.#gone, signal);
    const life = this.#live(context);
    this.#gone = life.catch(() => {});
    try {
      await life;
    } catch (error) {
      callHook("onError", this.#settings.onError, error as Error, logger);
      throw error;
    }
  }

  /** For its supervisor: who reads the lines has nothing to wait for any more. */
  onStopped(): void {
    this.#feed.end();
    void this.#unguard();
  }

  async #live(context: ActorContext): Promise<void> {
    try {
      await this.#guard();
      if (context.signal.aborted) return;
      this.#process = await RunningProcess.start(this.#settings, this.#feed, context.logger);
      await this.#attend(this.#process, context);
    } finally {
      this.#process = undefined;
      // Most stops are for good; after the others it is held anew.
      if (context.signal.aborted) await this.#unguard();
    }
  }

  async #attend(process: RunningProcess, context: ActorContext): Promise<void> {
    const { signal, ready } = context;
    signal.addEventListener("abort", () => process.stop(), { signal: process.over });
    if (signal.aborted) process.stop();
    process.watchReadiness(ready);
    await this.mailbox.serve(
      { signal: process.over },
      { write: (data: string | Uint8Array, { signal }) => process.write(data, signal) },
      // What makes a life crash is the end of its process; a write that fails is its caller's.
      { isFatal: () => false },
    );
    const failure = await process.ended;
    if (failure !== undefined && !signal.aborted) throw failure;
  }

  async #guard(): Promise<void> {
    if (!this.#settings.killOnParentExit || this.#isGuarded) return;
    this.#isGuarded = true;
    try {
      await guard.hold();
    } catch (cause) {
      this.#isGuarded = false;
      const { command } = this.#settings;
      throw new ExecSpawnError(
        command,
        "EXEC_SPAWN",
        "the guard that kills it with this process cannot be started",
        { cause },
      );
    }
  }

  async #unguard(): Promise<void> {
    if (!this.#isGuarded) return;
    this.#isGuarded = false;
    await guard.release();
  }
}

const writing: Check = new Check("write");
