import type { BenchCase, BenchGroup, Workload } from "../lib/bench-case.ts";
import { castToAll, spawnAll, stopAll } from "./scale/lifetimes.ts";

/**
 * Three sizes for each row. That a process with a million objects has slower caches and more for its collector to copy is the
 * same whoever owns them, and shows in the second against the first. What a supervisor adds when its children are many
 * shows in the third against the second, between which only the number of supervisors differs.
 */
const sizes = [
  { name: "1,000 in one", count: 1_000, perSupervisor: 1_000 },
  { name: "1,000,000 in 1,000", count: 1_000_000, perSupervisor: 1_000 },
  { name: "1,000,000 in one", count: 1_000_000, perSupervisor: 1_000_000 },
] as const;

export const group: BenchGroup = {
  title: "What one actor costs among a thousand and among a million, `actors in supervisors`",
  nodeFlags: ["--max-old-space-size=8192"],
  rounds: 3,
  cases: [
    ...row("spawn", "an actor spawned until its setup has run", spawnAll),
    ...row("first cast", "the first message to an actor, until it is handled", castToAll),
    ...row("stop", "an actor stopped with its supervisor", stopAll),
  ],
};

function row(
  row: string,
  operation: string,
  open: (perSupervisor: number) => Workload,
): BenchCase[] {
  const [few, spread, crowded] = sizes.map(({ name, count, perSupervisor }) => ({
    name: `${row}: ${name}`,
    operation,
    operations: count,
    open: () => open(perSupervisor),
  }));
  if (!few || !spread || !crowded) return [];
  return [
    few,
    { ...spread, baseline: { name: few.name } },
    { ...crowded, baseline: { name: spread.name, atMost: 1.5 } },
  ];
}
