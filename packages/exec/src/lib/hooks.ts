import type { OutputLine } from "./output/output-line.ts";

/** Functions that are told what happens. What they throw or reject with is logged, and changes nothing. */
export interface ExecHooks {
  /** The process was started, in each life. */
  readonly onStart?: ((process: ExecStartInfo) => void) | undefined;
  /**
   * The process wrote a line. It is not waited for what this returns: who needs time for a line takes it from `lines`,
   * which makes the process wait.
   */
  readonly onLine?: ((line: OutputLine) => void) | undefined;
  /** The process has ended, by itself or because it was stopped. */
  readonly onExit?: ((exit: ExecExitInfo) => void) | undefined;
  /** The life crashes: the program could not be started, was not ready in time, or ended in a way that is no success. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A process that was started. */
export interface ExecStartInfo {
  /** The id of the process, and of its process group. */
  readonly pid: number;
  /** The program and its arguments; of what is longer the first 1,000 characters. */
  readonly command: string;
}

/** How a process ended. */
export interface ExecExitInfo extends ExecStartInfo {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  /** The name of the signal that ended it, if one did. */
  readonly signal: string | undefined;
  /** Milliseconds from its start. */
  readonly duration: number;
}
