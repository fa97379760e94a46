import { setImmediate } from "node:timers/promises";
import { pass, startPlant, tick } from "./plant.ts";
import { openViewers, type Viewers } from "./viewers.ts";

interface Snapshot {
  readonly self: { readonly skipped: number };
}

/** Bytes of this process that wait for each of `count` pages that read no more: what so many hold beyond a single one. */
export async function stalledViewer(count: number): Promise<number> {
  const plant = await startPlant();
  const skipped = async (): Promise<number> => {
    const response = await fetch(`${plant.url}api/v1/snapshot`);
    return ((await response.json()) as Snapshot).self.skipped;
  };
  /** Opens pages, and fills the buffers of the system until each is skipped. */
  const stall = async (pages: number): Promise<Viewers> => {
    const viewers = await openViewers(plant.url, pages, true);
    for (let enough = 0; enough < 2;) {
      const before = await skipped();
      plant.change(10_000);
      await pass(tick);
      if ((await skipped()) - before >= pages) enough += 1;
    }
    return viewers;
  };
  const one = await stall(1);
  const before = await settled();
  const others = await stall(count);
  const bytes = (await settled()) - before;
  one.stop();
  others.stop();
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
