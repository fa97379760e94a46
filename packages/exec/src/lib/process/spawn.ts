import type { ChildProcess } from "node:child_process";
import { execa } from "execa";
import { ExecSpawnError, type ExecSpawnErrorCode } from "../errors.ts";
import { hasLines, type OutputTarget, type Settings } from "../options.ts";
import { boundToParent } from "../orphans/parent-death.ts";
import { demandProgram } from "./locate.ts";

/** A process that was started. */
export interface Spawned {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Sends a signal to its group. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts the program, in a process group of its own. @throws {@link ExecSpawnError} */
export async function spawn(settings: Settings): Promise<Spawned> {
  demandProgram(settings);
  const { cwd, env, inheritEnv, uid, gid, killOnParentExit } = settings;
  // As another user, what setpriv says of a program that it may not run would be all that is known of it.
  const isBound = killOnParentExit && uid === undefined && gid === undefined;
  const { program, args } = isBound ? boundToParent(settings) : settings;
  const subprocess = execa(program, args, {
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    extendEnv: inheritEnv,
    stdin: "pipe",
    stdout: stdioOf(settings.stdout),
    stderr: stdioOf(settings.stderr),
    // Its lines, its deadlines and the end of the process are ours; execa's promise may wait for a grandchild.
    buffer: false,
    reject: false,
    cleanup: false,
    killDescendants: true,
    forceKillAfterDelay: false,
    windowsHide: true,
  });
  const { nodeChildProcess: process } = subprocess;
  const { pid } = process;
  if (pid === undefined) {
    const { cause, originalMessage } = await subprocess;
    throw spawnError(settings, cause as NodeJS.ErrnoException, originalMessage);
  }
  return { pid, process, signal: (name) => void subprocess.kill(name) };
}

function stdioOf(target: OutputTarget | undefined): "pipe" | "inherit" | "ignore" {
  return hasLines(target) ? "pipe" : (target as "inherit" | "ignore");
}

/** The program and the directory were there a moment ago: what is left is the system's word for it. */
function spawnError(
  { command, program, cwd, uid, gid }: Settings,
  cause: NodeJS.ErrnoException | undefined,
  message = "the system does not say why",
): ExecSpawnError {
  const user =
    uid === undefined && gid === undefined
      ? ""
      : ` as user ${uid ?? "unchanged"} of group ${gid ?? "unchanged"}`;
  const place = cwd === undefined ? "" : ` in ${JSON.stringify(cwd)}`;
  const what = `the program ${JSON.stringify(program)}${place}${user}`;
  return new ExecSpawnError(command, codeOf(cause?.code), `${what}: ${cause?.message ?? message}`, {
    cause,
  });
}

function codeOf(code: string | undefined): ExecSpawnErrorCode {
  if (code === "ENOENT") return "EXEC_NOT_FOUND";
  if (code === "EACCES" || code === "EPERM") return "EXEC_NO_PERMISSION";
  return "EXEC_SPAWN";
}
