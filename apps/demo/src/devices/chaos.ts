import { setTimeout } from "node:timers/promises";
import { type Task, task } from "@sup/core";
import { troublesOf, type Victims } from "./troubles.ts";

/**
 * Brings one trouble after the other upon the counterparts, over and over, to watch supervision at work.
 * @param calm Milliseconds without trouble before each.
 */
export function createChaos(calm: number, victims: Victims): Task {
  const troubles = troublesOf(victims);
  return task("chaos", async ({ signal, logger, ready }) => {
    ready();
    for (let turn = 0; ; turn++) {
      const { text, begin, lasts = 0, end } = troubles[turn % troubles.length]!;
      await setTimeout(calm, undefined, { signal });
      logger.warn({}, text);
      await begin();
      await setTimeout(lasts, undefined, { signal });
      await end?.();
    }
  });
}
