import type { BenchGroup } from "../lib/bench-case.ts";
import { heapFlags } from "../lib/heap.ts";
import {
  callAllocation,
  callAllocationBeyondPromise,
  castAllocation,
  promiseAllocation,
} from "./memory/allocations.ts";
import { idleActor, liveSignal } from "./memory/retention.ts";

const live = { signal: new AbortController().signal };

/** What one object may take: a header of three words and seventeen fields. The one of a call has thirteen; a closure beside it would not fit in. */
const oneObject = 160;

export const group: BenchGroup = {
  title: "What `@sup/core` allocates and what it keeps; `benchmarks/test` holds these aims in CI",
  nodeFlags: heapFlags,
  rounds: 3,
  cases: [
    {
      name: "cast",
      operation: "allocated by a cast, with the run around it",
      operations: 1_000_000,
      aim: 3,
      measure: castAllocation(),
    },
    {
      name: "cast + signal",
      operation: "as cast, with a live signal",
      operations: 1_000_000,
      aim: 3,
      measure: castAllocation(live),
    },
    {
      name: "call",
      operation: "allocated by a call, with its caller's await",
      operations: 200_000,
      measure: callAllocation(),
    },
    {
      name: "call + signal",
      operation: "as call, with a live signal",
      operations: 200_000,
      measure: callAllocation(live),
    },
    {
      name: "bare promise",
      operation: "allocated by a promise with two functions, and an await",
      operations: 200_000,
      measure: promiseAllocation,
    },
    {
      name: "call beyond promise",
      operation: "what a call allocates more than a bare promise",
      operations: 200_000,
      aim: oneObject,
      measure: callAllocationBeyondPromise(),
    },
    {
      name: "100,000 idle actors",
      operation: "kept by a supervised actor with state",
      operations: 100_000,
      aim: 1_000,
      measure: idleActor,
    },
    {
      name: "1,000,000 idle actors",
      operation: "kept by a supervised actor with state",
      operations: 1_000_000,
      aim: 1_000,
      measure: idleActor,
    },
    {
      name: "one live signal",
      operation: "kept by a call and a cast on one live signal",
      operations: 1_000_000,
      aim: 0.1,
      measure: liveSignal,
    },
  ],
};
