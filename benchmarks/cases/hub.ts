import type { BenchCase, BenchGroup } from "../lib/bench-case.ts";
import {
  allocationOf,
  byChance,
  byHand,
  byKey,
  byLoad,
  byMailboxes,
  byRoundRobin,
  choose,
  type Choice,
} from "./hub/choices.ts";
import { bareAll, bareCall, fanOutWait, retry } from "./hub/runs.ts";

export const group: BenchGroup = {
  title: "`@sup/hub`: choosing one of 10 routees, and running on them",
  // A large young generation, as other heap figures need it, would slow down the rows that allocate; a choice does not.
  nodeFlags: ["--expose-gc"],
  cases: [
    {
      name: "by hand",
      operation: "a counter over an array, without a hub",
      operations: 1_000_000,
      open: () => choose(byHand()),
    },
    ...next("round robin", "`next()`", byRoundRobin),
    ...next("random", "`next()`", byChance),
    ...next("least loaded", "`next()`, mailboxes empty", () => byLoad(() => 0)),
    {
      name: "least loaded, busy",
      operation: "`next()`, mailboxes of 0 to 3 messages",
      operations: 1_000_000,
      baseline: { name: "by hand" },
      open: () => choose(byLoad((index) => index & 3)),
    },
    {
      name: "least loaded, actors",
      operation: "as above, with mailboxes of `@sup/core`",
      operations: 1_000_000,
      baseline: { name: "by hand" },
      open: async () => choose(await byMailboxes()),
    },
    {
      name: "sticky",
      operation: "`sticky(key)`, keys of 13 characters",
      operations: 200_000,
      open: () => choose(byKey()),
    },
    {
      name: "bare call",
      operation: "a function called, its promise awaited",
      operations: 50_000,
      open: bareCall,
    },
    {
      name: "retry",
      operation: "`retry` of one that succeeds at once",
      operations: 50_000,
      baseline: { name: "bare call" },
      open: retry,
    },
    {
      name: "bare all",
      operation: "10 functions called, `Promise.all` awaited",
      operations: 5_000,
      open: bareAll,
    },
    {
      name: "fanOutWait",
      operation: "`fanOutWait` over 10 functions",
      operations: 5_000,
      baseline: { name: "bare all" },
      open: fanOutWait,
    },
  ],
};

/** The time of a choice, and what it allocates: nothing, but for what the measurement itself does. */
function next(name: string, operation: string, create: () => Choice): BenchCase[] {
  return [
    {
      name,
      operation,
      operations: 1_000_000,
      aim: 5,
      baseline: { name: "by hand" },
      open: () => choose(create()),
    },
    {
      name: `${name}, heap`,
      operation: `allocated by ${operation}`,
      operations: 1_000_000,
      aim: 0.1,
      measure: allocationOf(create()),
    },
  ];
}
