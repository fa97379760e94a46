import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "../toolchain/folders.mjs";
import { leftOf, signalGroup } from "./process-group.ts";
import { Finding } from "./step.ts";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended. @defaultValue 300,000 */
  readonly timeout?: number;
}

const groups = new Set<number>();

/**
 * Runs a command in a process group of its own and resolves to what it wrote.
 *
 * @throws {Finding} if it fails, takes too long, or leaves a process behind.
 */
export async function command(
  file: string,
  args: readonly string[],
  { cwd = root, env = {}, timeout = 300_000 }: CommandOptions = {},
): Promise<string> {
  const line = [file, ...args].join(" ");
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output = outputOf(child);
  const exit = exitOf(child);
  const group = child.pid;
  if (group === undefined) throw new Finding(`Cannot run ${line}: ${await exit}`);

  groups.add(group);
  try {
    const problem = (await within(timeout, exit)) ?? (await leftBehind(group));
    signalGroup(group, "SIGKILL");
    const text = await output;
    if (problem === undefined) return text;
    throw new Finding(`$ ${line}\n${text}\n${problem}`);
  } finally {
    groups.delete(group);
  }
}

/** Takes the running commands along when this process is told to end. */
export function endCommandsWithThisProcess(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      for (const group of groups) signalGroup(group, "SIGKILL");
      process.exit(128 + constants.signals[signal]);
    });
  }
}

/** All that it and its children write until the last of them has ended. */
function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  return new Promise((resolve) => child.on("close", () => resolve(text.trimEnd())));
}

/** What went wrong with it, if something did. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => {
      resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

async function within(
  milliseconds: number,
  exit: Promise<string | undefined>,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, milliseconds, `took longer than ${milliseconds / 1000} s`);
  const problem = await Promise.race([exit, promise]);
  clearTimeout(timer);
  return problem;
}

async function leftBehind(group: number): Promise<string | undefined> {
  const left = await leftOf(group);
  return left.length === 0 ? undefined : `left behind:\n${left.join("\n")}`;
}
