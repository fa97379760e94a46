import type { Writable } from "node:stream";
import type { Logger } from "@sup/core";
import { callHook, type Feed } from "@sup/core/adapter";
import { ExecExitError, ExecReadyError, ExecSpawnError } from "../errors.ts";
import type { ExecExitInfo } from "../hooks.ts";
import type { OutputTarget, Settings } from "../options.ts";
import { guard } from "../orphans/guard.ts";
import { execFailure } from "../orphans/parent-death.ts";
import { LastLines } from "../output/last-lines.ts";
import type { OutputLine } from "../output/output-line.ts";
import { ProcessOutput } from "../output/process-output.ts";
import { ReadinessWatch } from "../readiness/readiness.ts";
import { ProcessGroup } from "./process-group.ts";
import { ProcessInput } from "./process-input.ts";
import { type Spawned, spawn } from "./spawn.ts";

/** Milliseconds that the rest of a group, and the output of a process, have to end after the process has. */
const afterwards = 500;

/** One process from its start to the end of its group. */
export class RunningProcess {
  readonly pid: number;
  /** Resolves when nothing is left of it: to why that is a crash, or to `undefined`. */
  readonly ended: Promise<Error | undefined>;
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #over: AbortController = new AbortController();
  readonly #exited: Promise<ExecExitInfo>;
  readonly #group: ProcessGroup;
  readonly #input: ProcessInput;
  readonly #output: ProcessOutput;
  readonly #lastLines: LastLines;
  #readiness: ReadinessWatch | undefined;
  /** Why it does not end by itself: somebody asked for it, or it was not ready in time. */
  #stopped: { readonly late?: string } | undefined;

  /** Its output goes to the hook, the targets and `feed`. @throws ExecSpawnError */
  static async start(
    settings: Settings,
    feed: Feed<OutputLine>,
    logger: Logger,
  ): Promise<RunningProcess> {
    const startedAt = performance.now();
    return new RunningProcess(await spawn(settings), startedAt, settings, feed, logger);
  }

  private constructor(
    { pid, process, signal }: Spawned,
    startedAt: number,
    settings: Settings,
    feed: Feed<OutputLine>,
    logger: Logger,
  ) {
    const { command, keepLines, maxLineLength, onStart } = settings;
    if (settings.killOnParentExit) guard.add(pid);
    this.pid = pid;
    this.#settings = settings;
    this.#logger = logger;
    this.#lastLines = new LastLines(keepLines);
    this.#exited = new Promise((resolve) => {
      process.once("exit", (exitCode, signal) => {
        const duration = performance.now() - startedAt;
        resolve({
          pid,
          command,
          exitCode: exitCode ?? undefined,
          signal: signal ?? undefined,
          duration,
        });
      });
    });
    this.#group = new ProcessGroup(pid, this.#exited, signal);
    this.#input = new ProcessInput(process.stdin!, command);
    this.#output = new ProcessOutput(
      [
        { stream: "stdout", source: process.stdout, target: writableOf(settings.stdout) },
        { stream: "stderr", source: process.stderr, target: writableOf(settings.stderr) },
      ],
      maxLineLength,
      feed,
      (line) => this.#tell(line),
    );
    this.ended = this.#end();
    logger.info({ pid, command }, "started");
    callHook("onStart", onStart, { pid, command }, logger);
  }

  /** Aborted when its work is over: it has ended, or must end. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Calls `onReady` when it is ready; one that is not in time is stopped. */
  watchReadiness(onReady: () => void): void {
    this.#readiness = new ReadinessWatch(this.#settings.ready, this.over, {
      onReady,
      onLate: (late) => this.#stop({ late }),
    });
  }

  /** See `ExecActor`. */
  write(data: string | Uint8Array, withdrawn: AbortSignal): Promise<void> {
    return this.#input.write(data, withdrawn, this.over);
  }

  stop(): void {
    this.#stop({});
  }

  #stop(why: { readonly late?: string }): void {
    this.#stopped ??= why;
    this.#over.abort();
  }

  async #end(): Promise<Error | undefined> {
    const { stopSignal, stopGrace, killOnParentExit, onExit } = this.#settings;
    const over = new Promise((resolve) => this.over.addEventListener("abort", resolve));
    await Promise.race([this.#exited, over]);
    const isWhole =
      this.#stopped === undefined
        ? await this.#endAfterwards()
        : await this.#group.stop(stopSignal, stopGrace);
    const exit = await this.#exited;
    if (killOnParentExit && isWhole) guard.remove(this.pid);
    if (!isWhole)
      this.#logger.warn({ pid: this.pid }, "a member of the process group cannot be killed");
    this.#input.close();
    await this.#output.finish(afterwards);
    this.#logger.info({ ...exit }, "ended");
    callHook("onExit", onExit, exit, this.#logger);
    return this.#failure(exit);
  }

  /** It has ended by itself; what it started may end as well, and is killed otherwise. */
  async #endAfterwards(): Promise<boolean> {
    this.#over.abort();
    return (await this.#group.ended(afterwards)) || this.#group.kill();
  }

  #failure(exit: ExecExitInfo): Error | undefined {
    const { command, program, successCodes } = this.#settings;
    const { lines, only } = this.#lastLines;
    const { exitCode } = exit;
    if (this.#stopped !== undefined) {
      const { late } = this.#stopped;
      return late === undefined ? undefined : new ExecReadyError(command, late, lines);
    }
    if (exitCode !== undefined && successCodes.includes(exitCode)) return undefined;
    const refusal = execFailure(exitCode, only?.line);
    if (refusal === undefined) return new ExecExitError(exit, lines);
    const code = exitCode === 127 ? "EXEC_NOT_FOUND" : "EXEC_NO_PERMISSION";
    return new ExecSpawnError(command, code, `the program ${JSON.stringify(program)}: ${refusal}`);
  }

  #tell(line: OutputLine): void {
    callHook("onLine", this.#settings.onLine, line, this.#logger);
    this.#lastLines.push(line);
    this.#readiness?.see(line);
  }
}

function writableOf(target: OutputTarget | undefined): Writable | undefined {
  return typeof target === "string" ? undefined : target;
}
