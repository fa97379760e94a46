import { blocksOf } from "../lib/plot/blocks.ts";
import { originOf } from "../lib/plot/origin.ts";
import type { Plot } from "../lib/plot/plot.ts";
import type { ReadReport } from "../lib/read-report.ts";

/** What one actor costs, and how that grows with how many there are. */
export function scale(read: ReadReport): Plot {
  const report = read("scale");
  return {
    name: "scale",
    title: "What one actor costs among a million",
    axis: {
      scale: "linear",
      unit: "ns",
      label: "Processor time in ns for each of so many actors in so many supervisors",
    },
    blocks: blocksOf(report, ({ figure }, who) => ({ name: who, of: "sup", spread: figure })),
    origin: originOf(report),
  };
}
