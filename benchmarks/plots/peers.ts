import { blocksOf, fastestFirst, ofWhom } from "../lib/plot/blocks.ts";
import { originOf } from "../lib/plot/origin.ts";
import type { Plot } from "../lib/plot/plot.ts";
import type { ReadReport } from "../lib/read-report.ts";

/** What a message, a request and an actor cost with each library. */
export function peers(read: ReadReport): Plot {
  const report = read("peers");
  const blocks = blocksOf(report, ({ figure }, who) => ({
    name: who === "floor" ? "by hand" : who,
    of: ofWhom(who),
    spread: figure,
  }));
  return {
    name: "peers",
    title: "The same actor in each library",
    axis: { scale: "log", unit: "ns", label: "Processor time in ns" },
    blocks: blocks.map(fastestFirst),
    origin: originOf(report),
  };
}
