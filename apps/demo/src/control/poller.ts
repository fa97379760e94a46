import { setTimeout } from "node:timers/promises";
import { type Task, task } from "@sup/core";
import type { Heater } from "../heater/heater.ts";
import { isPassing } from "./passing.ts";
import { ReadingReport } from "./reading-report.ts";
import type { Thermostat } from "./thermostat.ts";

/** Milliseconds between two readings. */
const interval = 500;
/** Milliseconds for one, the wait for a connection included. */
const patience = 1_500;

/** Reads the heater again and again, and hands what it reads to the thermostat. */
export function createPoller(heater: Pick<Heater, "read">, thermostat: Thermostat): Task {
  return task("poller", async ({ signal, logger, ready }) => {
    const report = new ReadingReport(logger);
    ready();
    for (;;) {
      try {
        const reading = await heater.read({ signal, timeout: patience });
        report.came(reading);
        await thermostat.cast("regulate", reading, { signal });
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        report.failed(error, Date.now());
      }
      await setTimeout(interval, undefined, { signal });
    }
  });
}
