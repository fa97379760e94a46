import type { Workload } from "../../lib/bench-case.ts";
import { checkCount } from "../../lib/values.ts";
import type { Listener, Network, NetSize, Peer } from "./peer.ts";

/** Changes go through one computed value to one listener. */
export function line(peer: Pick<Peer, "line">): Promise<Workload> {
  return workload({
    build: (listener) => peer.line(listener),
    expected: (value) => value + 1,
    callsPerChange: 1,
  });
}

/** Changes go to many listeners. */
export function fanOut(peer: Peer, listeners: number): Promise<Workload> {
  return workload({
    build: (listener) => peer.fanOut(listeners, listener),
    expected: (value) => value,
    callsPerChange: listeners,
  });
}

/** Changes go through a net of computed values, each of which must run once, to one listener. */
export async function exactNet(peer: Peer, size: NetSize): Promise<Workload> {
  const { width, depth } = size;
  let evaluations = 0;
  const inner = await workload({
    build: (listener) => peer.net(size, () => (evaluations += 1), listener),
    expected: (value) => sumOfNet(value, size),
    callsPerChange: 1,
  });
  return {
    ...inner,
    async sample(operations) {
      evaluations = 0;
      await inner.sample(operations);
      checkCount(evaluations, operations * (width * depth + 1));
    },
  };
}

/** As `exactNet`, by a peer that evaluates more often, and calls its listener with what it had in between. */
export function net(peer: Peer, size: NetSize): Promise<Workload> {
  return workload({
    build: (listener) => peer.net(size, () => {}, listener),
    expected: (value) => sumOfNet(value, size),
    callsPerChange: undefined,
  });
}

/** What is written: small integers, each another one than the one before. */
const values = 1_024;

interface Task {
  readonly build: (listener: Listener) => Promise<Network> | Network;
  /** The value that the listener must have been called with last. */
  readonly expected: (value: number) => number;
  readonly callsPerChange: number | undefined;
}

async function workload({ build, expected, callsPerChange }: Task): Promise<Workload> {
  let calls = 0;
  let last = -1;
  const network = await build((value) => {
    calls += 1;
    last = value;
  });
  let value = 0;
  return {
    async sample(operations) {
      calls = 0;
      for (let index = 0; index < operations; index += 1) {
        value = (value + 1) % values;
        const written = network.write(value);
        if (written !== undefined) await written;
        if (last !== expected(value)) {
          throw new Error(`Cannot accept the result: ${value} became ${last}`);
        }
      }
      if (callsPerChange !== undefined) checkCount(calls, operations * callsPerChange);
    },
    close: () => network.stop?.(),
  };
}

function sumOfNet(value: number, { width, depth }: NetSize): number {
  return (value + 1) * 2 ** (depth - 1) * width;
}
