import { Supervisor, type SupervisorOptions } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { onTestFinished } from "vitest";
import { loggerTo } from "../../../scripts/test/logger-to.ts";
import {
  ExecActor,
  type ExecActorOptions,
  type ExecExitInfo,
  type OutputLine,
} from "../src/index.ts";

export interface Supervised {
  readonly actor: ExecActor;
  readonly root: Supervisor;
  readonly recorder: Recorder;
  readonly crashes: Error[];
  /** What was written, unless the test has an `onLine` of its own. */
  readonly lines: OutputLine[];
  readonly exits: ExecExitInfo[];
  readonly logged: [level: string, bindings: Record<string, unknown>, message: string][];
  /** Resolves when the process, in whichever life, has written that line. */
  readonly wrote: (line: string) => Promise<void>;
}

/** A program under a supervisor until the test is over; temporary, unless the policy says otherwise. */
export function supervised(
  program: string,
  args: readonly string[],
  options: ExecActorOptions = {},
  { shutdownTimeout = 20_000, ...rules }: SupervisorOptions = {},
): Supervised {
  const crashes: Error[] = [];
  const lines: OutputLine[] = [];
  const exits: ExecExitInfo[] = [];
  const logged: [string, Record<string, unknown>, string][] = [];
  const recorder = new Recorder();
  const waiting: { line: string; done: () => void }[] = [];
  const isRead = typeof options.stdout !== "string" || typeof options.stderr !== "string";
  const actor = new ExecActor("program", program, args, {
    ...options,
    ...(isRead && {
      onLine: (line) => {
        if (options.onLine !== undefined) return options.onLine(line);
        lines.push(line);
        for (const wait of waiting) if (wait.line === line.line) wait.done();
      },
    }),
    onExit: (exit) => {
      exits.push(exit);
      options.onExit?.(exit);
    },
  });
  const root = new Supervisor("root", {
    actors: [{ actor, shutdownTimeout }],
    policy: "temporary",
    restartDelay: 5,
    observer: recorder,
    logger: loggerTo((...told) => void logged.push(told)),
    onError: (_, error) => crashes.push(error),
    ...rules,
  });
  root.start();
  onTestFinished(() => root.stop());
  const wrote = (line: string) =>
    new Promise<void>((done) => {
      if (lines.some((written) => written.line === line)) done();
      else waiting.push({ line, done });
    });
  return { actor, root, recorder, crashes, lines, exits, logged, wrote };
}

/** A script of the shell, in the same way. */
export function script(
  text: string,
  options?: ExecActorOptions,
  rules?: SupervisorOptions,
): Supervised {
  return supervised("/bin/sh", ["-c", text], options, rules);
}

/** A script of Node, in the same way. */
export function nodeScript(
  text: string,
  options?: ExecActorOptions,
  rules?: SupervisorOptions,
): Supervised {
  return supervised(process.execPath, ["-e", text], options, rules);
}

/** What the promise is rejected with. */
export function failure(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    (value) => {
      throw new Error(`Cannot fail: it resolved to ${String(value)}`);
    },
    (error) => error,
  );
}
