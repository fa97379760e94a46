import type { BenchGroup } from "./bench-case.ts";
import type { ChildResult } from "./child-job.ts";
import { runInChild } from "./run-in-child.ts";

export interface RunOptions {
  readonly rounds: number;
  /** All cases of a round in one process, instead of one process for each. */
  readonly together: boolean;
  /** A hundredth of the work and no warm-up: shows that the cases work, not how fast they are. */
  readonly quick: boolean;
  onProgress(line: string): void;
}

/**
 * Runs all cases of a group, round after round, so that what disturbs the machine for a while disturbs every case alike. Each
 * round begins with another case.
 */
export async function runGroup(
  name: string,
  group: BenchGroup,
  options: RunOptions,
): Promise<ChildResult[][]> {
  const rounds: ChildResult[][] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const names = rotate(group.cases, round).map((benchCase) => benchCase.name);
    const results: ChildResult[] = [];
    for (const cases of options.together ? [names] : names.map((caseName) => [caseName])) {
      options.onProgress(`${name}, round ${round + 1} of ${options.rounds}: ${cases.join(", ")}`);
      results.push(await runInChild({ group: name, cases, quick: options.quick }, group.nodeFlags));
    }
    rounds.push(results);
  }
  return rounds;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
