import type { BenchGroup } from "../lib/bench-case.ts";
import { linesByActor, linesByIterator, linesFromPipe, linesIterated } from "./exec/lines.ts";
import { spawnsByActor, spawnsByExeca } from "./exec/spawns.ts";

const line = "a line of 80 bytes that another process writes, read and its length looked at";
const life = "`true` started and its end seen, one process after the other";

/** At least 0.9 of the bare pipe's lines per second is asked for. */
const atMost = 1 / 0.9;

export const group: BenchGroup = {
  title: "External processes: `ExecActor`, a bare pipe with a line splitter, and execa alone",
  rounds: 7,
  cases: [
    { name: "lines, bare pipe", operation: line, operations: 1_000_000, open: linesFromPipe },
    {
      name: "lines, onLine",
      operation: line,
      operations: 1_000_000,
      baseline: { name: "lines, bare pipe", atMost },
      open: linesByActor,
    },
    {
      name: "lines, bare pipe iterated",
      operation: line,
      operations: 1_000_000,
      open: linesIterated,
    },
    {
      name: "lines, lines()",
      operation: line,
      operations: 1_000_000,
      baseline: { name: "lines, bare pipe iterated", atMost },
      open: linesByIterator,
    },
    { name: "lives, execa", operation: life, operations: 100, clock: "wall", open: spawnsByExeca },
    {
      name: "lives, ExecActor",
      operation: life,
      operations: 100,
      clock: "wall",
      // At most 2 ms more than execa, which takes 2 ms on a machine of this kind.
      baseline: { name: "lives, execa", atMost: 2 },
      open: spawnsByActor,
    },
  ],
};
