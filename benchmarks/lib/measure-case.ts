import type { BenchCase, HeapCase, TimeCase, Workload } from "./bench-case.ts";
import { elapsedSince, readClocks } from "./clocks.ts";

/** One figure of one case in one process. */
export interface Measurement {
  readonly name: string;
  /** Nanoseconds by the case's clock, or bytes, per operation. */
  readonly figure: number;
  /** Nanoseconds per operation that passed; absent for a heap case. */
  readonly wall?: number;
}

/**
 * Measures one case in this process. The figure is the mean of all samples, so that what the collector costs now and then is
 * part of it.
 */
export async function measureCase(benchCase: BenchCase, quick: boolean): Promise<Measurement> {
  const operations = quick ? Math.ceil(benchCase.operations / 100) : benchCase.operations;
  return "measure" in benchCase
    ? measureHeap(benchCase, operations)
    : measureTime(benchCase, operations, quick);
}

async function measureHeap(benchCase: HeapCase, operations: number): Promise<Measurement> {
  return { name: benchCase.name, figure: await benchCase.measure(operations) };
}

async function measureTime(
  benchCase: TimeCase,
  operations: number,
  quick: boolean,
): Promise<Measurement> {
  const workload = await benchCase.open(operations);
  if (!quick) await runSamples(workload, operations, warmUp);
  const { samples, cpu, wall } = await runSamples(workload, operations, quick ? once : timed);
  await workload.close?.();

  const perOperation = 1 / (samples * operations);
  const clock = benchCase.clock ?? "cpu";
  return {
    name: benchCase.name,
    figure: (clock === "cpu" ? cpu : wall) * perOperation,
    wall: wall * perOperation,
  };
}

interface Extent {
  readonly minSamples: number;
  /** Nanoseconds that the samples take together at least. */
  readonly minTime: number;
}

const warmUp: Extent = { minSamples: 1, minTime: 200e6 };
const timed: Extent = { minSamples: 2, minTime: 300e6 };
const once: Extent = { minSamples: 1, minTime: 0 };

interface Samples {
  readonly samples: number;
  readonly cpu: number;
  readonly wall: number;
}

async function runSamples(
  workload: Workload,
  operations: number,
  extent: Extent,
): Promise<Samples> {
  let samples = 0;
  let cpu = 0;
  let wall = 0;
  while (samples < extent.minSamples || wall < extent.minTime) {
    await workload.beforeSample?.(operations);
    const start = readClocks();
    await workload.sample(operations);
    const elapsed = elapsedSince(start);
    await workload.afterSample?.(operations);
    samples += 1;
    cpu += elapsed.cpu;
    wall += elapsed.wall;
  }
  return { samples, cpu, wall };
}
