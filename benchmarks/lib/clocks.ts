/** Nanoseconds of both clocks. */
export interface Clocks {
  readonly cpu: number;
  readonly wall: number;
}

export function readClocks(): Clocks {
  return { cpu: cpuTime(), wall: performance.now() * 1e6 };
}

export function elapsedSince(start: Clocks): Clocks {
  const end = readClocks();
  return { cpu: end.cpu - start.cpu, wall: end.wall - start.wall };
}

// Node 22 has no clock of the thread alone; there the helper threads of V8 count, too.
const usage = process.threadCpuUsage ?? process.cpuUsage;

function cpuTime(): number {
  const { user, system } = usage.call(process);
  return (user + system) * 1e3;
}
