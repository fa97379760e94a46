import type { BenchCase, BenchGroup, TimeCase } from "../lib/bench-case.ts";
import { checkSum } from "../lib/values.ts";
import { effect } from "../peers/effect.ts";
import { floor } from "../peers/floor.ts";
import { nact } from "../peers/nact.ts";
import type { Peer, PeerCounter } from "../peers/peer.ts";
import { sup } from "../peers/sup.ts";
import { xstate } from "../peers/xstate.ts";

const peers = [floor, sup, xstate, effect, nact];

export const group: BenchGroup = {
  title: "The same actor by hand (`floor`), by `@sup/core`, and by the libraries that have actors",
  cases: [
    ...row("cast", {
      operation: "a message sent and handled, at most 1,000 waiting",
      operations: 50_000,
      open: (peer) => openCounter(peer, (counter, operations) => counter.castAll(operations)),
    }),
    ...row("call", {
      operation: "a request and its reply, one after the other",
      operations: 10_000,
      open: (peer) => openCounter(peer, (counter, operations) => counter.callOneByOne(operations)),
    }),
    ...row("call in flight", {
      operation: "a request and its reply, 1,000 callers",
      operations: 10_000,
      open: (peer) => openCounter(peer, (counter, operations) => counter.callInFlight(operations)),
    }),
    ...row("spawn and stop", {
      operation: "an actor created and stopped, 1,000 alive at a time",
      operations: 1_000,
      open: (peer) => ({ sample: (operations) => peer.spawnAndStop(operations) }),
    }),
  ],
};

interface Row extends Pick<TimeCase, "operation" | "operations"> {
  readonly open: (peer: Peer) => ReturnType<TimeCase["open"]>;
}

function row(name: string, { operation, operations, open }: Row): BenchCase[] {
  return peers.map((peer) => ({
    name: `${name}: ${peer.name}`,
    operation,
    operations,
    baseline: { name: `${name}: ${floor.name}`, ...(peer === sup && { atMost: 2 }) },
    open: () => open(peer),
  }));
}

async function openCounter(
  peer: Peer,
  work: (counter: PeerCounter, operations: number) => Promise<number>,
) {
  const counter = await peer.start();
  return {
    async sample(operations: number) {
      checkSum(await work(counter, operations), operations);
    },
    close: () => counter.stop(),
  };
}
