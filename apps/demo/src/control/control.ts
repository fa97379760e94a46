import { computed, debounce, link, type Provider, signal, throttle } from "@sup/bus";
import type { Logger } from "@sup/core";
import { type Heater, staleAfter } from "../heater/heater.ts";
import { createFailSafe } from "./fail-safe.ts";
import { createHeaterSwitch } from "./heater-switch.ts";
import { type Band, mustHeat } from "./hysteresis.ts";
import { createReport } from "./report.ts";

/** Milliseconds between two readings. */
const interval = 500;
/** Milliseconds for one, the wait for a connection included. */
const patience = 1_500;
/** Milliseconds between two readings that are shown to people. */
const calm = 2_000;

/**
 * From the device's registers to its coil: what is read is cleaned, compared with the band, and written back. In the order in
 * which they start; when they stop, the wiring is gone before the fail-safe switches the heater off.
 */
export function createControl(
  heater: Pick<Heater, "read" | "switch">,
  band: Provider<Band>,
  logger: Logger,
) {
  const reading = signal("reading", ({ signal }) => heater.read({ signal, timeout: patience }), {
    interval,
    staleAfter,
  });
  const clean = debounce("clean-reading", reading, 200, { maxWait: 1_000 });
  const temperature = computed("temperature", () => clean.read()?.celsius, [clean]);
  const tooCold = computed(
    "too-cold",
    () => {
      const latest = clean.read();
      if (latest === undefined) return false;
      return mustHeat(heaterSwitch.read() ?? latest.heating, latest.celsius, band.read());
    },
    [clean, band],
  );
  const shown = throttle("ui-reading", clean, calm);
  const heaterSwitch = createHeaterSwitch(heater, clean, logger);
  const wiring = link("heater-wiring", tooCold, heaterSwitch);
  const failSafe = createFailSafe(heaterSwitch, clean);
  const report = createReport({ shown, reading, heaterSwitch });
  return { reading, clean, temperature, tooCold, shown, heaterSwitch, failSafe, wiring, report };
}
