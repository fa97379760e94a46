import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Sends a signal to every process of the group; a group that is gone takes none. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // There is no such group any more.
  }
}

/** What of the group is left when it had two seconds to end: the command lines. */
export async function leftOf(group: number): Promise<string[]> {
  const deadline = performance.now() + 2000;
  for (;;) {
    const left = membersOf(group);
    if (left.length === 0 || performance.now() > deadline) return left;
    await setTimeout(20);
  }
}

export function membersOf(group: number): string[] {
  return process.platform === "linux" ? membersInProc(group) : membersBySignal(group);
}

/** Without those that have ended and that nobody has waited for yet, which a signal takes for members. */
function membersInProc(group: number): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      // The name, in parentheses, may contain anything.
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(pgrp) !== group || state === "Z") return [];
      return [`${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()}`];
    });
}

function membersBySignal(group: number): string[] {
  try {
    process.kill(-group, 0);
    return [`process group ${group}`];
  } catch {
    return [];
  }
}

/** Nothing for a process that ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
