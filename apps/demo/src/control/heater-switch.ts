import { type Reader, type Trigger, trigger } from "@sup/bus";
import type { Logger } from "@sup/core";
import type { Heater, Reading } from "../heater/heater.ts";

/** Milliseconds for a switching, the wait for a connection included. */
const patience = 1_000;

/**
 * The heater's switch. It compares what the heater does with what it should do, rather than remember what it was told: a
 * device that lost power, or that somebody else switched, is put right with the next reading.
 */
export function createHeaterSwitch(
  heater: Pick<Heater, "switch">,
  latest: Reader<Reading | undefined>,
  logger: Logger,
): Trigger<boolean> {
  let last: { readonly on: boolean; readonly at: number } | undefined;

  /** Whether the heater heats; a reading that was on its way when it was switched does not know. */
  const isHeating = ({ heating, at, took }: Reading): boolean =>
    last !== undefined && at - took <= last.at ? last.on : heating;

  const heaterSwitch = trigger("heater", async (on: boolean, { signal }) => {
    const reading = latest.read();
    if (reading === undefined || isHeating(reading) === on) return;
    await heater.switch(on, { signal, timeout: patience });
    last = { on, at: Date.now() };
    const isNews = heaterSwitch.read() !== on;
    const why = isNews ? `${reading.celsius.toFixed(1)} °C` : "the device had forgotten it";
    logger.info({ actor: "heater" }, `switched ${on ? "on" : "off"}: ${why}`);
  });
  return heaterSwitch;
}
