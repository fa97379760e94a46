import { setTimeout } from "node:timers/promises";
import { type Task, task } from "@sup/core";
import { troublesOf, type Victims } from "./troubles.ts";

/** Milliseconds without trouble before each. */
const peace = 7_000;

/** Brings one trouble after the other upon the counterparts, over and over, to watch supervision at work. */
export function createChaos(victims: Victims): Task {
  const troubles = troublesOf(victims);
  return task("chaos", async ({ signal, logger, ready }) => {
    ready();
    for (let turn = 0; ; turn++) {
      const { text, begin, lasts = 0, end } = troubles[turn % troubles.length]!;
      await setTimeout(peace, undefined, { signal });
      logger.warn({}, text);
      await begin();
      await setTimeout(lasts, undefined, { signal });
      await end?.();
    }
  });
}
