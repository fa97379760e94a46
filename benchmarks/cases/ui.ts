import type { BenchGroup } from "../lib/bench-case.ts";
import { stalledViewer } from "./ui/stalled.ts";
import { watchedBy } from "./ui/watching.ts";

const operation = "250 ms of a tree of 10,000 actors of which 1,000 change";
/** A twentieth of a core. */
const aim = 12_500_000;

export const group: BenchGroup = {
  title:
    "What the dashboard takes of the process that it shows; its viewers are in another one, and `nobody` is the tree alone",
  nodeFlags: ["--expose-gc"],
  rounds: 3,
  cases: [
    { name: "nobody looks", operation, operations: 20, open: watchedBy(0) },
    { name: "1 viewer", operation, operations: 20, aim, open: watchedBy(1) },
    { name: "20 viewers", operation, operations: 20, aim, open: watchedBy(20) },
    {
      name: "stalled viewer",
      operation: "memory for a viewer that takes nothing, while all rows change",
      operations: 20,
      aim: 524_288,
      measure: stalledViewer,
    },
  ],
};
