import { setTimeout } from "node:timers/promises";
import { type Task, task } from "@sup/core";
import type { Fault, Simulator } from "./simulator.ts";

/** What happens to the device, as the log tells it, and for how many milliseconds. */
interface Trouble {
  readonly fault: Fault;
  readonly text: string;
  readonly lasts: number;
}

const troubles: readonly Trouble[] = [
  { fault: "reset", text: "resets every connection of the device (RST)", lasts: 0 },
  { fault: "power cut", text: "cuts the power of the device", lasts: 0 },
  {
    fault: "hang",
    text: "hangs the device for 6 s: it takes requests, answers none",
    lasts: 6_000,
  },
  { fault: "slow", text: "slows the device down for 6 s: 400 ms an answer", lasts: 6_000 },
];

/** Milliseconds without trouble before each. */
const peace = 7_000;

/** Brings one trouble after the other upon the device, over and over, to watch supervision at work. */
export function createChaos(simulator: Simulator): Task {
  return task("chaos", async ({ signal, logger, ready }) => {
    ready();
    for (let turn = 0; ; turn++) {
      const { fault, text, lasts } = troubles[turn % troubles.length]!;
      await setTimeout(peace, undefined, { signal });
      logger.warn({}, text);
      await simulator.cast("suffer", fault, { signal });
      await setTimeout(lasts, undefined, { signal });
      await simulator.cast("recover", undefined, { signal });
    }
  });
}
