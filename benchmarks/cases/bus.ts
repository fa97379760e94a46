import type { BenchCase, BenchGroup, TimeCase } from "../lib/bench-case.ts";
import { alienSignals } from "./bus/alien-signals.ts";
import type { Peer } from "./bus/peer.ts";
import { preactSignals } from "./bus/preact-signals.ts";
import { rxjs } from "./bus/rxjs.ts";
import { sup, supAwaited, supQueued, supWithOwnProvider } from "./bus/sup.ts";
import { exactNet, fanOut, line, net } from "./bus/workloads.ts";

const peers = [alienSignals, sup, preactSignals, rxjs];
const size = { width: 100, depth: 5 };
const listeners = 1_000;

export const group: BenchGroup = {
  title:
    "`@sup/bus`: a change, until all that comes from it has followed and listeners were called",
  cases: [
    ...row("1 → 1 → 1", {
      operation: "a change through one computed value to one listener",
      operations: 100_000,
      atMost: 2,
      open: line,
    }),
    lineOf(supWithOwnProvider, "as above, of a source that a user wrote", 2),
    lineOf(supAwaited, "as above, from a trigger, each write awaited"),
    lineOf(supQueued, "as above, from a trigger, each write a message that can be withdrawn"),
    ...row("1 → 1,000", {
      operation: "a change, 1,000 listeners",
      operations: 500,
      aim: listeners * 20,
      open: (peer) => fanOut(peer, listeners),
    }),
    ...row("100 × 5", {
      operation: "a change through 501 computed values to one listener",
      operations: 200,
      atMost: 2,
      open: (peer) => (peer === rxjs ? net(peer, size) : exactNet(peer, size)),
    }),
  ],
};

/** Another way to have the first row. */
function lineOf(peer: Pick<Peer, "line" | "name">, operation: string, atMost?: number): BenchCase {
  const baseline = { name: `1 → 1 → 1: ${alienSignals.name}` };
  return {
    name: `1 → 1 → 1: ${peer.name}`,
    operation,
    operations: 100_000,
    baseline: atMost === undefined ? baseline : { ...baseline, atMost },
    open: () => line(peer),
  };
}

interface Row extends Pick<TimeCase, "operation" | "operations"> {
  readonly open: (peer: Peer) => ReturnType<TimeCase["open"]>;
  /** Of `@sup/bus`. */
  readonly aim?: number;
  /** How many times alien-signals' figure `@sup/bus` is allowed. */
  readonly atMost?: number;
}

function row(name: string, { operation, operations, open, aim, atMost }: Row): BenchCase[] {
  const baseline = { name: `${name}: ${alienSignals.name}` };
  return peers.map((peer) => ({
    name: `${name}: ${peer.name}`,
    operation,
    operations,
    ...(peer === sup && aim !== undefined && { aim }),
    baseline: peer === sup && atMost !== undefined ? { ...baseline, atMost } : baseline,
    open: () => open(peer),
  }));
}
