import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";

/** Why process groups cannot be killed when this process ends; `undefined` where they can. */
export function whyUnguarded(): string | undefined {
  if (process.platform === "win32") return "Windows has no process groups";
  return existsSync(shell) ? undefined : `there is no ${shell} to run a guard`;
}

/**
 * A shell that outlives this process for a moment: it reads which process groups there are, and kills them when nobody is
 * left to write to it. One serves all actors, and lives while one of them holds it.
 */
class Guard {
  readonly #groups: Set<number> = new Set();
  #holders = 0;
  #process: ChildProcess | undefined;
  #startedAt = 0;

  /** @throws the system's error when the shell cannot be started. */
  async hold(): Promise<void> {
    this.#holders++;
    if (this.#process !== undefined) return;
    const process = this.#start();
    if (process.pid !== undefined) return;
    this.#holders--;
    const [error] = (await once(process, "error")) as [Error];
    throw error;
  }

  /** Resolves when nothing is left that no other holder needs. */
  async release(): Promise<void> {
    const process = this.#process;
    if (--this.#holders > 0 || process === undefined) return;
    this.#process = undefined;
    process.ref();
    process.stdin!.end();
    await once(process, "exit");
  }

  add(group: number): void {
    this.#groups.add(group);
    if (this.#process === undefined) this.#start();
    else this.#process.stdin!.write(`+ ${group}\n`);
  }

  remove(group: number): void {
    if (this.#groups.delete(group)) this.#process?.stdin!.write(`- ${group}\n`);
  }

  #start(): ChildProcess {
    const guard = spawn(shell, ["-c", script, "sup-guard", ...[...this.#groups].map(String)], {
      cwd: "/",
      env: {},
      // A session of its own: what ends this process by its group or its terminal must not end the guard.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    guard.on("error", ignore);
    // It may have no streams either: without file descriptors Node makes none.
    if (guard.pid === undefined) return guard;
    guard.stdin.on("error", ignore);
    this.#process = guard;
    this.#startedAt = performance.now();
    guard.once("exit", () => this.#lost(guard));
    guard.unref();
    (guard.stdin as Socket).unref();
    return guard;
  }

  /** Somebody killed it: another one takes over, unless this one did not last; then the next start has it. */
  #lost(guard: ChildProcess): void {
    if (guard !== this.#process) return;
    this.#process = undefined;
    if (this.#holders > 0 && performance.now() - this.#startedAt > shortLife) this.#start();
  }
}

/** The guard of this process. */
export const guard: Guard = new Guard();

const shell = "/bin/sh";

const shortLife = 100;

/** Its arguments are the groups that there are. Everything in it is built into the shell: it needs no PATH, and no memory for another process. */
const script = `
trap '' HUP INT QUIT TERM
groups=
for group do groups="$groups $group "; done
while read -r change group; do
  case $change in
    +) groups="$groups $group " ;;
    -) groups="\${groups%% $group *}\${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

function ignore(): void {}
