import { once } from "node:events";
import type { Reader, Trigger } from "@sup/bus";
import { type Task, task } from "@sup/core";
import type { Reading } from "../heater/heater.ts";

/** Milliseconds: the last switching must not hold up the end of the process. */
const patience = 300;

/** Switches the heater off when the control ends, as nobody watches the temperature from then on. */
export function createFailSafe(
  heaterSwitch: Trigger<boolean>,
  latest: Reader<Reading | undefined>,
): Task {
  return task("fail-safe", async ({ signal, logger, ready, defer }) => {
    defer(async () => {
      if (heaterSwitch.read() !== true && latest.read()?.heating !== true) return;
      try {
        await heaterSwitch.write(false, { timeout: patience });
        logger.info({}, "heater off: the control ends");
      } catch (error) {
        logger.error({ error }, "heater may be on: the control ends and cannot switch it off");
      }
    });
    ready();
    if (!signal.aborted) await once(signal, "abort");
  });
}
