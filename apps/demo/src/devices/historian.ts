import { setTimeout } from "node:timers/promises";
import { actor } from "@sup/core";
import type { Reading } from "../heater/heater.ts";

export type Historian = ReturnType<typeof createHistorian>;

/** Readings that wait to be kept; who brings more has to wait, too. */
const capacity = 5;

/** Keeps readings until they are taken, as a database would. A life that crashes takes along what it kept. */
export function createHistorian() {
  return actor(
    "historian",
    () => {
      let kept: Reading[] = [];
      return {
        keep(reading: Reading) {
          if (Number.isNaN(reading.celsius)) throw new Error("A reading is no number");
          kept.push(reading);
        },
        /** All that it keeps, which it then no longer does. */
        take() {
          const taken = kept;
          kept = [];
          return taken;
        },
        /** Does nothing else for `duration` milliseconds, as a database that waits for its disk. */
        hang: (duration: number, { signal }) => setTimeout(duration, undefined, { signal }),
      };
    },
    { capacity },
  );
}
