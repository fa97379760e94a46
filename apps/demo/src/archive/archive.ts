import { link, type Provider, trigger } from "@sup/bus";
import { actor, task } from "@sup/core";
import { roundRobin } from "@sup/hub";
import { createHistorian } from "../devices/historian.ts";
import type { Reading } from "../heater/heater.ts";
import { type Seal, sealOf } from "./seal.ts";

/** Readings that are sealed together: those of ten seconds. */
const batchSize = 20;
/** Readings that wait while the historian is slow: those of a minute. */
const buffer = 120;
/** Milliseconds for one batch. */
const patience = 5_000;

/** Keeps the readings, and has them sealed batch by batch by whichever of three workers has its turn. */
export function createArchive(readings: Provider<Reading | undefined>) {
  const historian = createHistorian();
  const kept = trigger("kept", async (reading: Reading | undefined, { signal }) => {
    if (reading !== undefined) await historian.cast("keep", reading, { signal });
  });
  const keeping = link("keeping", readings, kept, { buffer });

  const workers = ["worker-1", "worker-2", "worker-3"].map((name) =>
    actor(name, () => ({ seal: sealOf })),
  );
  const hub = roundRobin(workers);
  const seal = trigger("seal", (_: Seal) => {});

  const clerk = task("clerk", async ({ signal, logger, ready }) => {
    let count = 0;
    const subscription = kept.subscribe({ signal });
    ready();
    for await (const _ of subscription) {
      if (++count % batchSize !== 0) continue;
      const batch = await historian.call("take", undefined, { signal });
      if (batch.length === 0) continue;
      // A worker that fails costs an attempt, not the batch.
      const { by, sealed } = await hub.retry(
        workers.length,
        async (worker, { signal }) => ({
          by: worker.name,
          sealed: await worker.call("seal", batch, { signal, timeout: patience }),
        }),
        { signal },
      );
      logger.info({}, `${textOf(sealed)} by ${by}`);
      await seal.write(sealed, { signal });
    }
  });
  return { historian, kept, keeping, workers, seal, clerk };
}

function textOf({ count, lowest, highest, sha256 }: Seal): string {
  const range = `${lowest.toFixed(1)} to ${highest.toFixed(1)} °C`;
  return `${count} readings, ${range}, sealed as ${sha256.slice(0, 8)}…`;
}
