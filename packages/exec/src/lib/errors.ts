import type { ExecExitInfo } from "./hooks.ts";
import type { OutputLine } from "./output/output-line.ts";

/** The process ended by itself, and not with one of the `successCodes`. */
export class ExecExitError extends Error {
  override readonly name = "ExecExitError";
  readonly code = "EXEC_EXIT";
  readonly retryable = true;
  /** The program and its arguments; of what is longer the first 1,000 characters. */
  readonly command: string;
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  /** The name of the signal that ended it, if one did. */
  readonly signal: string | undefined;
  /** Milliseconds from its start to its end. */
  readonly duration: number;
  /** What it wrote last: up to `keepLines` lines of both streams, in the order in which they came. */
  readonly lastLines: readonly OutputLine[];

  constructor(
    { command, exitCode, signal, duration }: ExecExitInfo,
    lastLines: readonly OutputLine[],
    options?: ErrorOptions,
  ) {
    const end = signal === undefined ? `exited with code ${exitCode}` : `was ended by ${signal}`;
    super(
      `Cannot keep ${command} running: it ${end} after ${Math.round(duration)} ms${lastWords(lastLines)}`,
      options,
    );
    this.command = command;
    this.exitCode = exitCode;
    this.signal = signal;
    this.duration = duration;
    this.lastLines = lastLines;
  }
}

/** The process was not ready within `ready.timeout`; it was stopped. */
export class ExecReadyError extends Error {
  override readonly name = "ExecReadyError";
  readonly code = "EXEC_READY";
  readonly retryable = true;
  /** The program and its arguments; of what is longer the first 1,000 characters. */
  readonly command: string;
  /** What it wrote last: up to `keepLines` lines of both streams, in the order in which they came. */
  readonly lastLines: readonly OutputLine[];

  constructor(command: string, why: string, lastLines: readonly OutputLine[]) {
    super(`Cannot wait for ${command} any longer: ${why}${lastWords(lastLines)}`);
    this.command = command;
    this.lastLines = lastLines;
  }
}

/**
 * Why a program could not be started: `EXEC_NOT_FOUND` the program, or the interpreter that its first line names, is
 * missing; `EXEC_BAD_DIRECTORY` the `cwd` is missing, no directory or not to be entered; `EXEC_NO_PERMISSION` the program
 * may not be run, or not as that `uid` and `gid`; `EXEC_SPAWN` anything else, such as no memory or too many processes.
 */
export type ExecSpawnErrorCode =
  | "EXEC_NOT_FOUND"
  | "EXEC_BAD_DIRECTORY"
  | "EXEC_NO_PERMISSION"
  | "EXEC_SPAWN";

/** The program could not be started. `cause` is what the system said, where it was asked. */
export class ExecSpawnError extends Error {
  override readonly name = "ExecSpawnError";
  /** Stable: which of the reasons it was. */
  readonly code: ExecSpawnErrorCode;
  /** True where trying again can help without anybody doing something. */
  readonly retryable: boolean;
  /** The program and its arguments; of what is longer the first 1,000 characters. */
  readonly command: string;

  constructor(command: string, code: ExecSpawnErrorCode, why: string, options?: ErrorOptions) {
    super(`Cannot start ${command}: ${why}`, options);
    this.command = command;
    this.code = code;
    const { code: system } = Object(options?.cause) as NodeJS.ErrnoException;
    // What is too long for the system stays so.
    this.retryable = code === "EXEC_SPAWN" && system !== "E2BIG";
  }
}

/**
 * The process did not take all of what was written to it: it closed its input (the actor lives, and `cause` is EPIPE), it
 * ended, or it is being stopped. A part may have reached it.
 */
export class ExecWriteError extends Error {
  override readonly name = "ExecWriteError";
  readonly code = "EXEC_WRITE";
  readonly retryable = true;
}

function lastWords(lines: readonly OutputLine[]): string {
  const last = lines.at(-1);
  return last === undefined ? "" : `; its last line was ${JSON.stringify(last.line.slice(0, 200))}`;
}
