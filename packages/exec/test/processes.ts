import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";

interface ProcessStatus {
  readonly pid: number;
  /** One letter: "S" for one that waits. */
  readonly state: string | undefined;
  readonly parent: number;
  readonly group: number;
}

/** Processes that have not ended, as proc_pid_stat(5) tells of them. */
function processes(): ProcessStatus[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z" || state === "X") return [];
      return [{ pid: Number(entry), state, parent: Number(parent), group: Number(group) }];
    } catch {
      return [];
    }
  });
}

export function isAlive(pid: number): boolean {
  return processes().some((process) => process.pid === pid);
}

/** Whether a SIGSTOP has taken effect on it. */
export function isHalted(pid: number): boolean {
  return processes().some((process) => process.pid === pid && process.state === "T");
}

export function membersOf(group: number): number[] {
  return processes()
    .filter((process) => process.group === group)
    .map(({ pid }) => pid);
}

export function childrenOf(parent: number): number[] {
  return processes()
    .filter((process) => process.parent === parent)
    .map(({ pid }) => pid);
}

/** Those of its children that have come so far as to wait for something. */
export function waitingChildrenOf(parent: number): number[] {
  return processes()
    .filter((process) => process.parent === parent && process.state === "S")
    .map(({ pid }) => pid);
}

/** Waits until `condition` holds; fails when it does not within `limit` ms. */
export async function until(condition: () => boolean, limit = 20_000): Promise<void> {
  const deadline = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Cannot go on: not so within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Fails when `condition` does not come to hold. */
export async function expectSoon(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 5 }).toBe(true);
}
