import { once } from "node:events";
import { actor, type ActorContext, Supervisor, task } from "@sup/core";
import { computed, signal, view } from "@sup/bus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Feed } from "../../../src/lib/server/feed/feed.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A feed that nobody looks at. */
function unseen(root: Supervisor, observe: Feed["values"][number]["value"][] = []): Feed {
  root.start();
  const feed = new Feed({ root, observe, tick: 250, redact: undefined });
  feed.start(() => {});
  return feed;
}

function noted(feed: Feed, type: RegExp): string[] {
  return feed.journal
    .since(0)
    .filter((event) => type.test(event.type))
    .map(({ type, at, why }) => `${at - 1_000_000} ${type}: ${why}`);
}

/** An actor that takes a message, and keeps it until it is let go. */
function busy(name: string) {
  let gate = Promise.withResolvers<void>();
  const worker = actor(name, () => ({ work: () => gate.promise }));
  const open = (): void => {
    gate.resolve();
    gate = Promise.withResolvers();
    gate.resolve();
  };
  return { worker, open };
}

describe("Patrol", () => {
  it("notes a queue that stalls and moves on while nobody looks, without reading a row", async () => {
    const { worker, open } = busy("pump");
    const feed = unseen(new Supervisor("gateway", { actors: [worker] }));
    const read = vi.spyOn(feed.rows, "read");
    await pass(1_000);
    for (let count = 0; count < 3; count++) void worker.cast("work");
    await pass(60_000);
    open();
    await pass(20_000);
    expect(noted(feed, /stalled|flowing/)).toEqual([
      "10000 stalled: pump is stalled: 2 queued, the oldest waits for 9 s",
      "70000 flowing: pump takes its messages again, after 1 m 09 s",
    ]);
    expect(read).not.toHaveBeenCalled();
    feed.stop();
  });

  it("notes no stall of a queue that is around the limit again and again", async () => {
    const { worker } = busy("pump");
    const feed = unseen(new Supervisor("gateway", { actors: [worker] }));
    const mailbox = vi.spyOn(worker.mailbox, "length", "get").mockReturnValue(1);
    const oldestAt = vi.spyOn(worker.mailbox, "oldestAt", "get");
    for (let round = 0; round < 20; round++) {
      oldestAt.mockReturnValue(Date.now() + (round % 2 === 0 ? 4_900 : 6_000));
      await pass(10_000);
    }
    expect(noted(feed, /stalled|flowing/)).toHaveLength(1);
    mailbox.mockReturnValue(0);
    await pass(10_000);
    expect(noted(feed, /stalled|flowing/)).toHaveLength(2);
    feed.stop();
  });

  it("does not say that one moves on which was stopped for good", async () => {
    const { worker, open } = busy("pump");
    const root = new Supervisor("gateway", { actors: [worker], autoShutdown: "never" });
    const feed = unseen(root);
    for (let count = 0; count < 3; count++) void worker.cast("work");
    await pass(20_000);
    const stopped = root.children[0]!.stop();
    open();
    await stopped;
    await pass(20_000);
    expect(noted(feed, /stalled|flowing/)).toHaveLength(1);
    feed.stop();
  });

  it("notes a value that turns old, fails and is well again while nobody looks, in the tree or observed", async () => {
    let answers = true;
    const read = async ({ signal: { aborted } }: { signal: AbortSignal }): Promise<number> => {
      if (!answers) throw new Error("no answer");
      return aborted ? 0 : 7;
    };
    const reading = signal("reading", read, { interval: 1_000, staleAfter: 3_000 });
    const apart = signal("apart", read, { interval: 1_000, staleAfter: 3_000 });
    const feed = unseen(new Supervisor("gateway", { actors: [reading] }), [apart]);
    const other = new Supervisor("other", { actors: [apart] });
    other.start();
    await pass(15_000);
    answers = false;
    await pass(20_000);
    answers = true;
    await pass(10_000);
    expect(noted(feed, /^value/)).toEqual([
      "20000 value-failed: reading fails: no answer",
      "20000 value-stale: reading is old: no update for 5 s",
      "20000 value-failed: apart fails: no answer",
      "20000 value-stale: apart is old: no update for 5 s",
      "40000 value-recovered: reading is well again, after 20 s",
      "40000 value-recovered: apart is well again, after 20 s",
    ]);
    feed.stop();
  });

  it("runs nothing of what is computed", async () => {
    const reading = signal("reading", () => Date.now(), { interval: 1_000 });
    let runs = 0;
    const run = (): number => ++runs;
    const double = computed("double", run, [reading]);
    const shown = view(run, { name: "shown" });
    const feed = unseen(new Supervisor("gateway", { actors: [reading] }), [double, shown]);
    await pass(60_000);
    expect(runs).toBe(0);
    feed.stop();
  });

  it("notes a few of many that stall at once", async () => {
    const workers = Array.from({ length: 50 }, (_, index) => busy(`pump-${index}`));
    const feed = unseen(new Supervisor("gateway", { actors: workers.map(({ worker }) => worker) }));
    for (const { worker } of workers) for (const _ of "ab") void worker.cast("work");
    await pass(10_000);
    for (const { open } of workers) open();
    await pass(10_000);
    expect(noted(feed, /stalled/)).toHaveLength(20);
    expect(noted(feed, /flowing/)).toHaveLength(20);
    feed.stop();
  });

  it("bears an actor that throws when it is looked at, and looks at those after it", async () => {
    const { worker } = busy("pump");
    const wait = ({ signal }: ActorContext): Promise<void> => once(signal, "abort").then(() => {});
    const hostile = task("hostile", wait);
    const feed = unseen(new Supervisor("gateway", { actors: [hostile, worker] }));
    Object.defineProperty(hostile, "mailbox", {
      get: () => {
        throw new Error("touched");
      },
    });
    for (const _ of "ab") void worker.cast("work");
    await pass(10_000);
    expect(noted(feed, /stalled/)).toHaveLength(1);
    feed.stop();
  });

  it("goes round no more when the feed has stopped, and only once however often it is started", async () => {
    const feed = unseen(new Supervisor("gateway"));
    feed.start(() => {});
    expect(vi.getTimerCount()).toBe(1);
    feed.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
