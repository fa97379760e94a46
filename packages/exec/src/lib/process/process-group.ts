import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./within.ts";

/** A process and all that it started, unless that made a session or group of its own. */
export class ProcessGroup {
  readonly #id: number;
  readonly #exited: Promise<unknown>;
  readonly #send: (signal: NodeJS.Signals) => void;

  /**
   * @param id - of the process that leads it.
   * @param exited - resolves when that process has ended.
   * @param send - sends a signal to all of them.
   */
  constructor(id: number, exited: Promise<unknown>, send: (signal: NodeJS.Signals) => void) {
    this.#id = id;
    this.#exited = exited;
    this.#send = send;
  }

  /** Asks it to end by `signal`, and kills what is left after `grace` milliseconds. */
  async stop(signal: NodeJS.Signals, grace: number): Promise<boolean> {
    if (grace > 0) {
      this.#send(signal);
      // What is halted would see the signal only when it goes on.
      this.#send("SIGCONT");
      if (await this.ended(grace)) return true;
    }
    return this.kill();
  }

  /** Kills it. Resolves, when the process that leads it is gone, to whether all of it is. */
  async kill(): Promise<boolean> {
    for (let tries = 0; tries < 20; tries++) {
      this.#send("SIGKILL");
      if (await this.ended(50)) return true;
    }
    await this.#exited;
    return !this.#isAlive();
  }

  /** Whether all of it ends within so many milliseconds. */
  async ended(limit: number): Promise<boolean> {
    const deadline = performance.now() + limit;
    if (!(await within(limit, this.#exited))) return false;
    for (let pause = 5; this.#isAlive(); pause = Math.min(pause * 2, 100)) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await sleep(Math.min(pause, left));
    }
    return true;
  }

  #isAlive(): boolean {
    if (process.platform === "win32") return false;
    try {
      process.kill(-this.#id, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    try {
      return process.platform !== "linux" || hasLivingMember(this.#id);
    } catch {
      // Without a file descriptor nobody can look; the kernel has just said that there is a member.
      return true;
    }
  }
}

/** A member that has ended stays until its parent looks at it, and where nobody does, as in many containers, for ever. */
function hasLivingMember(group: number): boolean {
  return readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      // proc_pid_stat(5): the name in brackets may hold anything, then come state, parent and group.
      const [state, , id] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
      return Number(id) === group && state !== "Z" && state !== "X";
    } catch {
      return false;
    }
  });
}
