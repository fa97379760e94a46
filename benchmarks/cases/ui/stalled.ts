import { setImmediate } from "node:timers/promises";
import { pass, startPlant, tick } from "./plant.ts";
import { openViewers } from "./viewers.ts";

interface Snapshot {
  readonly self: { readonly skipped: number };
}

/** Bytes of this process that wait for one of `count` pages that read no more, once they are skipped. */
export async function stalledViewer(count: number): Promise<number> {
  const plant = await startPlant();
  const reader = await openViewers(plant.url, 1);
  const skipped = async (): Promise<number> => {
    const response = await fetch(`${plant.url}api/v1/snapshot`);
    return ((await response.json()) as Snapshot).self.skipped;
  };
  for (let ticks = 0; ticks < 30; ticks += 1) {
    plant.change(10_000);
    await pass(tick);
  }
  const before = await settled();
  const stalled = await openViewers(plant.url, count, true);
  const first = await skipped();
  // Each of them, and for some time: the buffers of the system are full.
  while ((await skipped()) < first + count * 10) {
    plant.change(10_000);
    await pass(tick);
  }
  const bytes = (await settled()) - before;
  stalled.stop();
  reader.stop();
  await plant.stop();
  return bytes / count;
}

/** Heap and buffers, when what has ended is gone. */
async function settled(): Promise<number> {
  for (let collection = 0; collection < 2; collection += 1) {
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
