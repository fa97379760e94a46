import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";

/**
 * The flags under which the heap can be measured: the collector on demand, and a young generation so large that it does not
 * have to run in between.
 */
export const heapFlags: readonly string[] = [
  "--expose-gc",
  "--min-semi-space-size=512",
  "--max-semi-space-size=512",
  "--max-old-space-size=8192",
];

/**
 * Bytes that a run allocates, whether it keeps them or not.
 *
 * @throws `Error` when the collector ran in between, which would hide allocations.
 */
export async function allocatedBy(run: () => Promise<void>): Promise<number> {
  collect();
  const collections = countCollections();
  const before = process.memoryUsage().heapUsed;
  await run();
  const allocated = process.memoryUsage().heapUsed - before;
  const count = await collections.stop();
  if (count > 0)
    throw new Error(`Cannot measure allocations: the collector ran ${count} times meanwhile`);
  return allocated;
}

/** Bytes that a run leaves on the heap. */
export async function retainedBy(run: () => Promise<void>): Promise<number> {
  const before = await settledHeap();
  await run();
  return (await settledHeap()) - before;
}

/** The heap after everything that has ended is gone; twice, because a weak reference keeps its target for one collection. */
async function settledHeap(): Promise<number> {
  for (let collection = 0; collection < 2; collection += 1) {
    await setImmediate();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

function collect(): void {
  if (!globalThis.gc) throw new Error("Cannot measure the heap: Node runs without --expose-gc");
  globalThis.gc();
}

function countCollections(): { stop(): Promise<number> } {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ["gc"] });
  return {
    async stop() {
      // Entries are delivered in a later turn of the event loop.
      await setImmediate();
      await setImmediate();
      count += observer.takeRecords().length;
      observer.disconnect();
      return count;
    },
  };
}
