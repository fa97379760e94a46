import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program and its arguments. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The same program, which the kernel kills when this process ends, where `setpriv` of util-linux is there to ask for that
 * (prctl(2), PR_SET_PDEATHSIG). It becomes the program by exec: pid, streams and arguments are the program's own.
 */
export function boundToParent(invocation: Invocation): Invocation {
  const setpriv = (found ??= find());
  if (setpriv === none) return invocation;
  const { program, args } = invocation;
  return { program: setpriv, args: ["--pdeathsig", "KILL", "--", program, ...args] };
}

/**
 * What `setpriv` said when it could not become the program, if that is how the process ended. Its exit codes are those of
 * env(1) for this, and the system's reason comes last in the one line that it writes.
 */
export function execFailure(
  exitCode: number | undefined,
  onlyLine: string | undefined,
): string | undefined {
  if (exitCode !== 126 && exitCode !== 127) return undefined;
  return /^setpriv: .*: ([^:]+)$/s.exec(onlyLine ?? "")?.[1];
}

let found: string | undefined;

const none = "";

function find(): string {
  if (process.platform !== "linux") return none;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of [...folders, "/usr/bin", "/bin"]) {
    const file = join(folder, "setpriv");
    try {
      // That of busybox has no such option.
      if (readFileSync(file).includes("pdeathsig")) return file;
    } catch {
      continue;
    }
  }
  return none;
}
