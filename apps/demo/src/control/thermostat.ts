import { actor, type HandlerContext } from "@sup/core";
import type { Heater, Reading } from "../heater/heater.ts";
import { type Band, mustHeat } from "./hysteresis.ts";
import { isPassing } from "./passing.ts";

export type Thermostat = ReturnType<typeof createThermostat>;

/** Milliseconds for a switching, the wait for a connection included. */
const patience = 1_000;
/** The last switching must not hold up the end of the process. */
const lastPatience = 300;

/**
 * Switches the heater by its readings. It compares what the heater does with what it should do, rather than remember what
 * it was told: a device that lost power, or that somebody else switched, is put right with the next reading.
 */
export function createThermostat(heater: Pick<Heater, "switch">, band: Band) {
  return actor(
    "thermostat",
    ({ logger, defer }) => {
      let latest: Reading | undefined;
      let heat: boolean | undefined;

      // Nobody watches the temperature between two lives, so the heater must not be on.
      defer(async () => {
        if (heat !== true && latest?.heating !== true) return;
        try {
          await heater.switch(false, { timeout: lastPatience });
          logger.info({}, "heater off: the thermostat ends");
        } catch (error) {
          logger.error({ error }, "heater may be on: the thermostat ends and cannot switch it off");
        }
      });

      return {
        async regulate(reading: Reading, { signal }: HandlerContext) {
          const { celsius, heating } = reading;
          const before = heat ?? heating;
          latest = reading;
          heat = mustHeat(before, celsius, band);
          if (heat === heating) return;
          await heater.switch(heat, { signal, timeout: patience });
          latest = { ...reading, heating: heat };
          const why = heat !== before ? `${celsius.toFixed(1)} °C` : "the device had forgotten it";
          logger.info({}, `heater ${heat ? "on" : "off"}: ${why}`);
        },
        latest: () => latest,
      };
    },
    { capacity: 4, isFatal: (error) => !isPassing(error) },
  );
}
