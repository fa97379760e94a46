import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { ExecSpawnError, type ExecSpawnErrorCode } from "../errors.ts";
import type { Settings } from "../options.ts";

/**
 * Finds the program as execvp(3) would, so that what is missing can be named: the system's own answer is ENOENT for a
 * missing program and a missing directory alike.
 *
 * @throws {@link ExecSpawnError} when the directory or the program is not there, or must not be used.
 */
export function demandProgram(settings: Settings): void {
  const { program, command, cwd = ".", uid } = settings;
  const fail = (code: ExecSpawnErrorCode, why: string) => {
    throw new ExecSpawnError(command, code, why);
  };
  if (kindOf(cwd) !== "directory")
    fail("EXEC_BAD_DIRECTORY", `its directory ${JSON.stringify(cwd)} is no directory, or missing`);
  // What another user may do only the system knows.
  if (uid === undefined && !isExecutable(cwd))
    fail("EXEC_BAD_DIRECTORY", `its directory ${JSON.stringify(cwd)} must not be entered`);
  if (process.platform === "win32") return;
  const places = candidates(settings);
  const files = places.filter((place) => kindOf(place) !== undefined);
  if (files.some((file) => kindOf(file) === "file" && isExecutable(file))) return;
  if (files.length > 0)
    fail("EXEC_NO_PERMISSION", `${JSON.stringify(files[0])} is no file that may be run`);
  const why = program.includes("/")
    ? `the program ${JSON.stringify(places[0])} is missing`
    : `no directory of PATH has ${JSON.stringify(program)}`;
  const hint = /\s/.test(program)
    ? "; arguments belong in the list, not in the program's name"
    : "";
  fail("EXEC_NOT_FOUND", why + hint);
}

function candidates({ program, cwd = ".", env, inheritEnv }: Settings): string[] {
  if (program.includes("/")) return [resolve(cwd, program)];
  const variables = inheritEnv ? { ...process.env, ...env } : env;
  const path = variables?.["PATH"] ?? "/usr/bin:/bin";
  return path.split(delimiter).map((folder) => resolve(cwd, join(folder, program)));
}

/** What must not be looked at is something, as execvp(3) has it, and no reason not to look further. */
function kindOf(path: string): "file" | "directory" | "unknown" | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? "directory" : "file";
  } catch {
    return "unknown";
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
