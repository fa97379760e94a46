import type { Workload } from "../../lib/bench-case.ts";
import { pass, startPlant, tick } from "./plant.ts";
import { openViewers, type Viewers } from "./viewers.ts";

const changedRows = 1_000;

/** Ticks in each of which a tenth of the rows changes, while `count` pages look. */
export function watchedBy(count: number): () => Promise<Workload> {
  return async () => {
    const plant = await startPlant();
    const viewers = count === 0 ? undefined : await openViewers(plant.url, count);
    return {
      async sample(operations) {
        const before = await viewers?.changes();
        for (let index = 0; index < operations; index += 1) {
          plant.change(changedRows);
          await pass(tick);
        }
        if (viewers !== undefined) await checkTold(viewers, before!, operations);
      },
      async close() {
        viewers?.stop();
        await plant.stop();
      },
    };
  };
}

/** Two ticks of this process may fall into one of the dashboard, all the more on a machine that does other things. */
async function checkTold(viewers: Viewers, before: number, operations: number): Promise<void> {
  const told = (await viewers.changes()) - before;
  if (told >= Math.floor(operations * 0.5)) return;
  throw new Error(`Cannot accept the sample: ${told} of ${operations} changes were told`);
}
