import { summarise } from "./statistics.ts";

/** Nanoseconds of both clocks. */
export interface Clocks {
  readonly cpu: number;
  readonly wall: number;
}

export function readClocks(): Clocks {
  const cpu = cpuTime();
  return { cpu, wall: wallTime() };
}

export function elapsedSince(start: Clocks): Clocks {
  const wall = wallTime() - start.wall;
  return { cpu: Math.max(0, cpuTime() - start.cpu - costOfReading), wall };
}

function wallTime(): number {
  return performance.now() * 1e6;
}

function cpuTime(): number {
  // Linux brings the CPU time of a thread up to date when its tick comes, which may be 4 ms away, and when the thread sleeps.
  Atomics.wait(nobodyWakes, 0, 0, 0.01);
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1e3;
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** Going to sleep takes CPU time itself, some 20 µs. */
const costOfReading = measureCostOfReading();

function measureCostOfReading(): number {
  const costs = Array.from({ length: 50 }, () => {
    const before = cpuTime();
    return cpuTime() - before;
  });
  return summarise(costs).median;
}
