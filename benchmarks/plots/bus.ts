import { blocksOf, fastestFirst, ofWhom } from "../lib/plot/blocks.ts";
import { originOf } from "../lib/plot/origin.ts";
import type { Plot } from "../lib/plot/plot.ts";
import { ratioOf } from "../lib/plot/ratio.ts";
import type { ReadReport } from "../lib/read-report.ts";

/** The same graph of values with each library, as times of what alien-signals needs in the same round. */
export function bus(read: ReadReport): Plot {
  const report = read("bus");
  const blocks = blocksOf(report, (found, who) => ({
    name: who,
    of: ofWhom(who),
    ...ratioOf(found),
  }));
  return {
    name: "bus",
    title: "The same change in each library",
    axis: {
      scale: "log",
      unit: "×",
      label: "Processor time relative to alien-signals",
      reference: { value: 1, label: "alien-signals" },
      limit: "allowed",
    },
    blocks: blocks.map(fastestFirst),
    origin: originOf(report),
  };
}
