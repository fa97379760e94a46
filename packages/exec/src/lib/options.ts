import { constants } from "node:os";
import type { Writable } from "node:stream";
import { Check } from "@sup/core/adapter";
import type { ExecHooks } from "./hooks.ts";
import { whyUnguarded } from "./orphans/guard.ts";

/**
 * Where a stream of the process goes. A `Writable` gets its bytes beside those who read lines, and is never ended; while
 * it is full the process waits. `"inherit"` is the stream of this process, `"ignore"` none: there are no lines of such a one.
 */
export type OutputTarget = Writable | "inherit" | "ignore";

/** When the process is ready to work. `timeout`: milliseconds after which it is stopped and the actor crashes. */
export type Readiness =
  /** When it writes a line that matches, on either stream. `timeout` is 60,000 by default. */
  | { readonly line: RegExp; readonly timeout?: number | undefined }
  /** When something accepts connections at this port of loopback, 127.0.0.1 or ::1. `timeout` is 60,000 by default. */
  | { readonly port: number; readonly timeout?: number | undefined }
  /** When it has lived for so many milliseconds. */
  | { readonly uptime: number };

/** Options of an `ExecActor`. */
export interface ExecActorOptions extends ExecHooks {
  /**
   * The directory in which the program runs.
   * @defaultValue that of this process
   */
  readonly cwd?: string | undefined;
  /**
   * Variables of the environment, added to those of this process; `undefined` takes one away.
   * @defaultValue none
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Whether the program gets the environment of this process; `env` is all that it gets otherwise, also its `PATH`.
   * @defaultValue `true`
   */
  readonly inheritEnv?: boolean | undefined;
  /**
   * Where its output goes beside those who read lines.
   * @defaultValue to them alone
   */
  readonly stdout?: OutputTarget | undefined;
  /**
   * Where its error output goes beside those who read lines.
   * @defaultValue to them alone
   */
  readonly stderr?: OutputTarget | undefined;
  /**
   * The signal that asks its process group to end.
   * @defaultValue `"SIGINT"`
   */
  readonly stopSignal?: NodeJS.Signals | undefined;
  /**
   * Milliseconds that the process group has to end after the stop signal; SIGKILL follows, at once with 0. The actor's
   * `shutdownTimeout` is two seconds longer.
   * @defaultValue 5,000
   */
  readonly stopGrace?: number | undefined;
  /**
   * When the actor is ready.
   * @defaultValue as soon as the program was started
   */
  readonly ready?: Readiness | undefined;
  /**
   * Exit codes that are a clean end; any other is a crash.
   * @defaultValue `[0]`
   */
  readonly successCodes?: readonly number[] | undefined;
  /**
   * Bytes of a line; a longer one is cut, and marked as `truncated`.
   * @defaultValue 65,536
   */
  readonly maxLineLength?: number | undefined;
  /**
   * The user that runs the program, by number; another one than that of this process takes root.
   * @defaultValue that of this process
   */
  readonly uid?: number | undefined;
  /**
   * The group that runs the program, by number; another one than that of this process takes root.
   * @defaultValue that of this process
   */
  readonly gid?: number | undefined;
  /**
   * Lines that are kept to be given with a crash.
   * @defaultValue 20
   */
  readonly keepLines?: number | undefined;
  /**
   * Whether the process group is killed when this process ends without having stopped it, be it by SIGKILL.
   * @defaultValue `true` where that can be had, which is everywhere but on Windows
   */
  readonly killOnParentExit?: boolean | undefined;
  /**
   * Writes that may wait for their turn; one past it waits for room.
   * @defaultValue 64
   */
  readonly capacity?: number | undefined;
}

/** What to run, and how; validated and complete. */
export type Settings = Command & Complete & ExecHooks;

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Both as text, for people. */
  readonly command: string;
}

type Optional = "cwd" | "env" | "stdout" | "stderr" | "ready" | "uid" | "gid";
type Complete = {
  readonly [Name in Exclude<keyof ExecActorOptions, keyof ExecHooks | Optional>]-?: NonNullable<
    ExecActorOptions[Name]
  >;
} & Pick<ExecActorOptions, Optional>;

/** @throws TypeError or RangeError that names the option and the rule. */
export function settingsOf(
  name: string,
  program: string,
  args: readonly string[],
  options: ExecActorOptions,
): Settings {
  const check = Check.creation("exec actor", name);
  checkText(check, "program", program, 1);
  check.list("args", args);
  args.forEach((argument, index) => checkText(check, `args[${index}]`, argument));
  check.object("options", options);
  const unguarded = whyUnguarded();
  const {
    cwd,
    env,
    inheritEnv = true,
    stdout,
    stderr,
    stopSignal = "SIGINT",
    stopGrace = 5_000,
    ready,
    successCodes = [0],
    maxLineLength = 65_536,
    uid,
    gid,
    keepLines = 20,
    killOnParentExit = unguarded === undefined,
    capacity = 64,
    onStart,
    onLine,
    onExit,
    onError,
    ...rest
  } = options;
  const hooks = { onStart, onLine, onExit, onError };
  if (cwd !== undefined) checkText(check, "cwd", cwd, 1);
  if (env !== undefined) checkEnvironment(check, env);
  check.boolean("inheritEnv", inheritEnv);
  checkTarget(check, "stdout", stdout);
  checkTarget(check, "stderr", stderr);
  if (!Object.hasOwn(constants.signals, stopSignal))
    check.refuse("stopSignal", "the name of a signal, such as SIGTERM", stopSignal, "string");
  check.delay("stopGrace", stopGrace);
  check.list("successCodes", successCodes);
  successCodes.forEach((code, index) =>
    check.integer(`successCodes[${index}]`, code, 0, 2 ** 32 - 1),
  );
  check.integer("maxLineLength", maxLineLength, 1, 2 ** 28);
  check.integer("keepLines", keepLines, 0, 1_000_000);
  checkId(check, "uid", uid);
  checkId(check, "gid", gid);
  check.boolean("killOnParentExit", killOnParentExit);
  check.integer("capacity", capacity, 0);
  check.functions(hooks);
  const isMute = !hasLines(stdout) && !hasLines(stderr);
  if (ready !== undefined) checkReadiness(check, ready, isMute);
  if (isMute && onLine !== undefined) refuseMute(check, "onLine");
  if (killOnParentExit && unguarded !== undefined)
    throw new TypeError(`Cannot ${check.action}: \`killOnParentExit\` cannot be had: ${unguarded}`);
  check.nothingElse(rest);
  return {
    program,
    args: [...args],
    command: shown([program, ...args].map(quote).join(" ")),
    cwd,
    env: env && { ...env },
    inheritEnv,
    stdout,
    stderr,
    stopSignal,
    stopGrace,
    ready: ready && { ...ready },
    successCodes: [...successCodes],
    maxLineLength,
    uid,
    gid,
    keepLines,
    killOnParentExit,
    capacity,
    ...hooks,
  };
}

/** Whether a stream with this target is read here. */
export function hasLines(target: OutputTarget | undefined): boolean {
  return typeof target !== "string";
}

/** Text that a program can be given: the system ends it at the first NUL. */
function checkText(check: Check, name: string, value: unknown, least: 0 | 1 = 0): void {
  if (typeof value === "string" && value.length >= least && !value.includes("\0")) return;
  const rule = least > 0 ? "a string that is not empty and has no NUL" : "a string without NUL";
  check.refuse(name, rule, value, "string");
}

function checkEnvironment(check: Check, env: Readonly<Record<string, unknown>>): void {
  check.object("env", env);
  for (const [variable, value] of Object.entries(env)) {
    if (variable === "" || /[=\0]/.test(variable)) {
      const rule = "an object of variables, whose names have no = and no NUL";
      check.refuse("env", rule, variable, "string");
    }
    if (value !== undefined) checkText(check, `env.${variable}`, value);
  }
}

function checkTarget(check: Check, name: string, target: unknown): void {
  if (target === undefined || target === "inherit" || target === "ignore") return;
  const { write, once } = (target ?? {}) as { write?: unknown; once?: unknown };
  if (typeof write === "function" && typeof once === "function") return;
  check.refuse(name, 'a Writable, "inherit" or "ignore"', target, "string");
}

function checkId(check: Check, name: "uid" | "gid", id: unknown): void {
  if (id === undefined) return;
  check.integer(name, id, 0, 2 ** 32 - 2);
  if (process.platform === "win32")
    throw new TypeError(`Cannot ${check.action}: \`${name}\` cannot be had on Windows`);
}

function checkReadiness(check: Check, ready: Readiness, isMute: boolean): void {
  check.object("ready", ready);
  const { line, port, uptime, timeout, ...rest } = ready as AnyReadiness;
  if ([line, port, uptime].filter((way) => way !== undefined).length !== 1) {
    const rule = "one of { line }, { port } and { uptime }";
    throw new TypeError(`Cannot ${check.action}: \`ready\` must be ${rule}, got ${show(ready)}`);
  }
  check.nothingElse(rest, "ready.");
  if (line !== undefined && !(line instanceof RegExp))
    check.refuse("ready.line", "a regular expression", line);
  if (line !== undefined && isMute) refuseMute(check, "ready.line");
  if (port !== undefined) check.integer("ready.port", port, 1, 65_535);
  if (uptime !== undefined) check.delay("ready.uptime", uptime);
  if (timeout === undefined) return;
  check.delay("ready.timeout", timeout, 1);
  if (uptime !== undefined)
    throw new TypeError(
      `Cannot ${check.action}: \`ready.timeout\` means nothing with \`ready.uptime\``,
    );
}

function show(ready: object): string {
  if (ready instanceof RegExp) return String(ready);
  const keys = Object.keys(ready).join(", ");
  return keys === "" ? "{}" : `{ ${keys} }`;
}

type AnyReadiness = { readonly [Name in "line" | "port" | "uptime" | "timeout"]?: unknown };

function refuseMute(check: Check, name: string): never {
  throw new TypeError(
    `Cannot ${check.action}: \`${name}\` needs lines, and neither \`stdout\` nor \`stderr\` is read here`,
  );
}

/** It is in every error and log: a script as an argument may be long. */
function shown(command: string): string {
  return command.length > longestCommand ? `${command.slice(0, longestCommand)}…` : command;
}

const longestCommand = 1_000;

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
