import type { BenchCase, BenchGroup, TimeCase } from "../lib/bench-case.ts";
import { castToAll, spawnAll, stopAll } from "./scale/lifetimes.ts";

const sizes = [1_000, 10_000, 100_000, 1_000_000];

export const group: BenchGroup = {
  title: "What one actor costs among a thousand and among a million",
  nodeFlags: ["--max-old-space-size=8192"],
  rounds: 3,
  cases: [
    ...row("spawn", "an actor spawned until its setup has run", spawnAll),
    ...row("cast", "the first message to an actor, until it is handled", castToAll),
    ...row("stop", "an actor stopped with its supervisor", stopAll),
  ],
};

function row(name: string, operation: string, open: TimeCase["open"]): BenchCase[] {
  return sizes.map((size, index) => ({
    name: caseName(name, size),
    operation,
    operations: size,
    ...(index > 0 && { baseline: { name: caseName(name, sizes[0] ?? 0), atMost: 1.5 } }),
    open,
  }));
}

function caseName(name: string, size: number): string {
  return `${name}: ${size.toLocaleString("en-US")} actors`;
}
