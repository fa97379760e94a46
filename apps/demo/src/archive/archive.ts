import { type Subscriber, trigger } from "@sup/bus";
import { actor, task } from "@sup/core";
import { roundRobin } from "@sup/hub";
import type { Reading } from "../heater/heater.ts";
import { type Seal, sealOf } from "./seal.ts";

/** Readings that are sealed together: those of ten seconds. */
const batchSize = 20;
/** Milliseconds for one batch. */
const patience = 5_000;

/** Seals the readings, batch by batch, by whichever of three workers has its turn. */
export function createArchive(readings: Subscriber<Reading | undefined>) {
  const workers = ["worker-1", "worker-2", "worker-3"].map((name) =>
    actor(name, () => ({ seal: sealOf })),
  );
  const hub = roundRobin(workers);
  const seal = trigger("seal", (_: Seal) => {});

  const clerk = task("clerk", async ({ signal, logger, ready }) => {
    let batch: Reading[] = [];
    const subscription = readings.subscribe({ signal });
    ready();
    for await (const reading of subscription) {
      if (reading !== undefined) batch.push(reading);
      if (batch.length < batchSize) continue;
      // A worker that fails costs an attempt, not the batch.
      const { by, sealed } = await hub.retry(
        workers.length,
        async (worker, { signal }) => ({
          by: worker.name,
          sealed: await worker.call("seal", batch, { signal, timeout: patience }),
        }),
        { signal },
      );
      batch = [];
      logger.info({}, `${textOf(sealed)} by ${by}`);
      await seal.write(sealed, { signal });
    }
  });
  return { workers, seal, clerk };
}

function textOf({ count, lowest, highest, sha256 }: Seal): string {
  const range = `${lowest.toFixed(1)} to ${highest.toFixed(1)} °C`;
  return `${count} readings, ${range}, sealed as ${sha256.slice(0, 8)}…`;
}
