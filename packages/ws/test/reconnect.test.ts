import * as fc from "fast-check";
import { Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";
import { WebSocketActor } from "../src/index.ts";
import { closeFrame } from "./servers/frame.ts";
import { type RawPeer, RawServer } from "./servers/raw-server.ts";
import { turns } from "./supervised.ts";

/** How a connection is cut: by the rules, in the middle of a frame, or so that what is on its way is lost. */
const cuts = {
  close: (peer: RawPeer) => void peer.socket.write(closeFrame(1_001)),
  end: (peer: RawPeer) => void peer.socket.end(),
  endSilently: (peer: RawPeer) => void peer.socket.end(closeFrame()),
  reset: (peer: RawPeer) => void peer.socket.resetAndDestroy(),
};

type Step =
  | { readonly kind: "send"; readonly count: number; readonly size: number }
  | { readonly kind: "wait"; readonly turns: number }
  | { readonly kind: keyof typeof cuts };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("send" as const),
    count: fc.integer({ min: 1, max: 40 }),
    size: fc.constantFrom(8, 100, 3_000, 200_000),
  }),
  fc.record({ kind: fc.constant("wait" as const), turns: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constantFrom(...(Object.keys(cuts) as (keyof typeof cuts)[])) }),
);

describe("messages over reconnects", () => {
  it("come once, in order, or their send rejects, wherever the connection is cut", async () => {
    const seen = { cuts: 0, rejected: 0, lost: 0, received: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const outcome = await play(steps);
        for (const [what, count] of Object.entries(outcome)) seen[what as "cuts"] += count;
      }),
      { numRuns: 30 },
    );
    // Otherwise nothing was tried.
    expect(seen.cuts).toBeGreaterThan(20);
    expect(seen.received).toBeGreaterThan(1_000);
  }, 240_000);
});

async function play(steps: readonly Step[]): Promise<Record<string, number>> {
  await using server = await RawServer.start();
  const feed = new WebSocketActor("feed", server.url, { highWaterMark: 64 * 1_024, capacity: 5 });
  let unconfirmed = 0;
  const root = new Supervisor("root", {
    actors: [feed],
    policy: "permanent",
    restartDelay: 1,
    onError: (_, error) => (unconfirmed += (error as { unconfirmed?: number }).unconfirmed ?? 0),
  });
  root.start();
  const resolved = new Set<number>();
  const rejected: { code: string }[] = [];
  const sends: Promise<void>[] = [];
  let cut = 0;
  let resets = 0;
  for (const one of steps) {
    if (one.kind === "send") {
      for (let count = 0; count < one.count; count++) {
        const id = sends.length;
        sends.push(
          feed.send(`${id};`.padEnd(one.size, ".")).then(
            () => void resolved.add(id),
            (error) => void rejected.push(error),
          ),
        );
      }
    } else if (one.kind === "wait") {
      await turns(one.turns);
    } else {
      const open = server.peers.findLast(({ isOpen, socket }) => isOpen && socket.writable);
      if (open === undefined) continue;
      cut++;
      if (one.kind === "reset") resets++;
      cuts[one.kind](open);
    }
  }
  await Promise.all(sends);
  // What was handed over before the last message has arrived when that has.
  const last = sends.length;
  for (let arrived = false; !arrived; arrived = idsOf(server).includes(last))
    await feed.send(String(last)).then(
      () => turns(20),
      () => {},
    );
  await root.stop();
  // A connection that was cut before may have more to read than the last one had.
  await server.until(() => server.sockets.size === 0);

  const received = idsOf(server).filter((id) => id !== last);
  expect(received).toEqual([...new Set(received)].sort((one, other) => one - other));
  expect(resolved.size + rejected.length).toBe(sends.length);
  for (const error of rejected) expect(error).toMatchObject({ code: "WS_CLOSED", retryable: true });
  const lost = [...resolved].filter((id) => !received.includes(id)).length;
  // Only a reset loses what the system had taken, and each loss is reported with the crash.
  expect(lost).toBeLessThanOrEqual(resets === 0 ? 0 : unconfirmed);
  return { cuts: cut, rejected: rejected.length, lost, received: received.length };
}

/** In the order in which they were sent: what comes over two connections is read in any. */
function idsOf({ peers }: RawServer): number[] {
  return peers.flatMap(({ received }) => received).map((data) => Number.parseInt(String(data), 10));
}
