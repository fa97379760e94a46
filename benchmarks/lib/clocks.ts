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

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1e3;
}
