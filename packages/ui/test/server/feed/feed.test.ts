import { once } from "node:events";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { ServerResponse } from "node:http";
import { computed, signal } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageChange, PageSnapshot } from "../../../src/lib/model/wire.ts";
import { Feed } from "../../../src/lib/server/feed/feed.ts";
import { lastTrouble } from "../../../src/lib/server/journal/last-trouble.ts";
import { TreeRows } from "../../../src/lib/server/rows/tree-rows.ts";
import { Viewer } from "../../../src/lib/server/feed/viewer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** What a reader took, and what it did not take yet. */
class Reader {
  readonly frames: string[] = [];
  writableLength = 0;
  isEnded = false;
  isDestroyed = false;
  readonly viewer: Viewer;

  constructor(seq: number) {
    this.viewer = new Viewer(this as unknown as ServerResponse, seq, "::1");
  }

  get types(): string[] {
    return this.frames.map((frame) =>
      frame.startsWith(":") ? "heartbeat" : /^event: (.*)$/m.exec(frame)![1]!,
    );
  }

  write(frame: Uint8Array | string): void {
    this.frames.push(Buffer.from(frame).toString());
  }

  end(): void {
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

function shown(): { feed: Feed; worker: Puppet; root: Supervisor; reads: () => number } {
  const worker = new Puppet("worker");
  const root = new Supervisor("gateway", { actors: [worker] });
  root.start();
  const feed = new Feed({ root, observe: [], tick: 250, redact: undefined });
  feed.start(() => {});
  const read = vi.spyOn(feed.rows, "read");
  return { feed, worker, root, reads: () => read.mock.calls.length };
}

async function snapshotOf(feed: Feed): Promise<PageSnapshot> {
  const body = await feed.snapshot();
  const unzip = promisify(gunzip);
  return JSON.parse((await unzip(body)).toString()) as PageSnapshot;
}

/** Something that each tick has to tell. */
function happen(root: Supervisor): void {
  void root.spawn(new Puppet("job"), { policy: "temporary" });
}

describe("Feed of values", () => {
  it("notes when a value fails, becomes stale and recovers, each once, while somebody looks", async () => {
    let fails = false;
    const read = (): number => {
      if (fails) throw new Error("no answer");
      return 7;
    };
    const reading = signal("reading", read, { interval: 1_000, staleAfter: 3_000 });
    const flow = computed("flow", () => (reading.read() ?? 0) * 2, [reading]);
    const apart = computed("apart", () => flow.read() + 1, [flow]);
    const root = new Supervisor("gateway", { actors: [reading, flow] });
    root.start();
    const feed = new Feed({ root, observe: [reading, apart], tick: 250, redact: undefined });
    feed.start(() => {});
    const { viewer } = new Reader(-1);
    feed.add(viewer);
    const seq = (): number => feed.journal.seq;
    const noted = (after: number): unknown[] =>
      feed.journal.since(after).map(({ type, path, why }) => [type, path.join("/"), why]);
    await pass(500);
    const begin = seq();
    fails = true;
    await pass(5_500);
    expect(noted(begin)).toEqual([
      ["value-failed", "gateway/reading", "reading fails: no answer"],
      ["value-stale", "gateway/reading", "reading is old: no update for 3 s"],
      ["value-stale", "gateway/flow", "flow is old, as reading fails: no answer"],
      ["value-stale", "apart", "apart is old, as reading fails: no answer"],
    ]);
    const [failed, , , apartOne] = feed.journal.since(begin);
    expect([failed?.error, failed?.actor, apartOne?.actor]).toEqual([
      "no answer",
      root.children[0]!.id,
      -1,
    ]);
    expect(lastTrouble(feed.journal.of(flow))).toBe("flow is old, as reading fails: no answer");
    // Nobody looks for a while: what was noted is not noted again.
    feed.remove(viewer);
    await pass(60_000);
    const later = seq();
    const { viewer: other } = new Reader(-1);
    feed.add(other);
    await pass(1_000);
    expect(seq()).toBe(later);
    fails = false;
    await pass(1_500);
    expect(noted(later).map((one) => (one as string[])[2])).toEqual([
      expect.stringMatching(/^reading is well again, after 1 m/),
      expect.stringMatching(/^flow is well again/),
      expect.stringMatching(/^apart is well again/),
    ]);
    feed.stop();
    await root.stop();
  });

  it("notes a few of the many that become stale because of one", async () => {
    const silence = ({ signal }: { signal: AbortSignal }): Promise<undefined> =>
      once(signal, "abort").then(() => undefined);
    const reading = signal<number | undefined>("reading", silence, { staleAfter: 1_000 });
    const many = Array.from({ length: 100 }, (_, at) =>
      computed(`v${at}`, () => reading.read(), [reading]),
    );
    const root = new Supervisor("gateway", { actors: [reading, ...many] });
    root.start();
    const feed = new Feed({ root, observe: [], tick: 250, redact: undefined });
    feed.start(() => {});
    const { viewer } = new Reader(-1);
    feed.add(viewer);
    await pass(2_000);
    const stale = feed.journal.since(0).filter(({ type }) => type === "value-stale");
    expect(stale).toHaveLength(21);
    expect(stale[0]?.why).toBe("reading is old: it was never updated");
    expect(stale[1]?.why).toBe("v0 is old, as reading is old");
    feed.stop();
    await root.stop();
  });
});

describe("Feed", () => {
  it("reads once a tick while somebody looks, however many do", async () => {
    const { feed, reads } = shown();
    await pass(10_000);
    expect(reads()).toBe(0);
    const readers = [1, 2, 3].map(() => new Reader(-1));
    for (const { viewer } of readers) feed.add(viewer);
    expect(reads()).toBe(1);
    await pass(2_500);
    expect(reads()).toBe(11);
    for (const { viewer } of readers) feed.remove(viewer);
    await pass(60_000);
    expect(reads()).toBe(11);
    // That of the patrol.
    expect(vi.getTimerCount()).toBe(1);
    feed.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives all viewers the same frame", async () => {
    const { feed, root } = shown();
    const { id } = await snapshotOf(feed);
    const readers = [1, 2].map(() => new Reader(feed.seqOf(id)!));
    for (const { viewer } of readers) feed.add(viewer);
    happen(root);
    await pass(250);
    expect(readers[0]!.types).toEqual(["change"]);
    expect(readers[0]!.frames).toEqual(readers[1]!.frames);
    feed.stop();
  });

  it("writes nothing to who has not taken what it was told, and then all of it at once", async () => {
    const { feed, root } = shown();
    const reader = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    feed.add(reader.viewer);
    reader.writableLength = 1;
    for (let ticks = 0; ticks < 90; ticks++) {
      happen(root);
      await pass(250);
    }
    expect(reader.frames).toEqual([]);
    reader.writableLength = 0;
    await pass(250);
    expect(reader.types).toEqual(["change"]);
    expect(reader.frames[0]!.match(/"name":"job"/g)).toHaveLength(90);
    feed.stop();
  });

  it("tells who has missed more than 100 changes to take a new snapshot", async () => {
    const { feed, root } = shown();
    const reader = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    feed.add(reader.viewer);
    reader.writableLength = 1;
    for (let ticks = 0; ticks < 101; ticks++) {
      happen(root);
      await pass(250);
    }
    reader.writableLength = 0;
    await pass(250);
    expect(reader.types).toEqual(["resync"]);
    happen(root);
    await pass(250);
    expect(reader.types).toEqual(["resync", "change"]);
    feed.stop();
  });

  it("tells a viewer of a calm tree each 2 s at the latest that it lives, unless that does not read", async () => {
    const { feed } = shown();
    const calm = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    const stalled = new Reader(calm.viewer.seq);
    feed.add(calm.viewer);
    feed.add(stalled.viewer);
    stalled.writableLength = 1;
    // That there are two viewers, and later that nothing more is told, are changes of the dashboard itself.
    await pass(10_000);
    const before = calm.types.length;
    await pass(20_000);
    expect(calm.types.slice(before)).toEqual(Array.from({ length: 20 }, () => "heartbeat"));
    expect(stalled.types).toEqual([]);
    feed.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says that it lives also where a tree is so large that ticks are rare, and nothing where there is news", async () => {
    const { feed, root } = shown();
    const reader = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    feed.add(reader.viewer);
    for (let ticks = 0; ticks < 40; ticks++) {
      happen(root);
      await pass(250);
    }
    expect(new Set(reader.types)).toEqual(new Set(["change"]));
    let elapsed = 0;
    vi.spyOn(process, "threadCpuUsage").mockImplementation(() => ({
      user: (elapsed += 250_000),
      system: 0,
    }));
    await pass(10_000);
    const before = reader.types.length;
    await pass(20_000);
    expect(
      reader.types.slice(before).filter((type) => type === "heartbeat").length,
    ).toBeGreaterThan(14);
    feed.stop();
    vi.restoreAllMocks();
  });

  it("forgets what it has read when nobody looked for 30 s, so that an older number means a new snapshot", async () => {
    const { feed } = shown();
    const { id } = await snapshotOf(feed);
    expect(feed.rows.states()).toHaveLength(2);
    await pass(30_000);
    expect(feed.rows.states()).toEqual([]);
    const reader = new Reader(feed.seqOf(id)!);
    feed.add(reader.viewer);
    expect(reader.types).toEqual(["resync"]);
    feed.stop();
  });

  it("tells each event once: in a snapshot, or in a change after it", async () => {
    const { feed, root } = shown();
    const reader = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    feed.add(reader.viewer);
    happen(root);
    await pass(250);
    happen(root);
    const { id, events } = await snapshotOf(feed);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    const late = new Reader(feed.seqOf(id)!);
    feed.add(late.viewer);
    await pass(250);
    const { events: told } = JSON.parse(/^data: (.*)$/m.exec(late.frames[0]!)![1]!) as PageChange;
    expect(told?.map(({ seq }) => seq)).toEqual([3, 4]);
    feed.stop();
  });

  it("encodes a snapshot once a tick", async () => {
    const { feed } = shown();
    const first = feed.snapshot();
    expect(feed.snapshot()).toBe(first);
    await pass(250);
    expect(feed.snapshot()).not.toBe(first);
    feed.stop();
  });

  it("reads a tree less often where that takes more than a twentieth of the time, and at once again when it does not", async () => {
    const { feed, reads } = shown();
    const { rows } = feed;
    const read = TreeRows.prototype.read.bind(rows);
    let takes = 50;
    vi.spyOn(rows, "read").mockImplementation((root) => {
      elapsed += takes;
      return read(root);
    });
    let elapsed = 0;
    vi.spyOn(process, "threadCpuUsage").mockImplementation(() => ({
      user: elapsed * 1_000,
      system: 0,
    }));
    feed.add(new Reader(-1).viewer);
    await pass(250 * 4);
    const before = reads();
    await pass(10_000);
    expect(reads() - before).toBe(10);
    takes = 0;
    await pass(1_000);
    const after = reads();
    await pass(10_000);
    expect(reads() - after).toBe(40);
    feed.stop();
    vi.restoreAllMocks();
  });

  it("bears a tick that fails, tells of it, and lets its viewers begin anew", async () => {
    const { feed, root } = shown();
    const reported: unknown[] = [];
    feed.start((error) => reported.push(error));
    const reader = new Reader(feed.seqOf((await snapshotOf(feed)).id)!);
    feed.add(reader.viewer);
    const failure = new RangeError("Invalid string length");
    vi.spyOn(feed.rows, "read").mockImplementationOnce(() => {
      throw failure;
    });
    await pass(250);
    expect(reported).toEqual([failure]);
    await pass(250);
    happen(root);
    await pass(250);
    expect(reader.types).toEqual(["resync", "change"]);
    feed.stop();
  });

  it("ends at once who comes when it is closed, until it is started again", () => {
    const { feed } = shown();
    feed.close();
    const late = new Reader(-1);
    feed.add(late.viewer);
    expect([late.isEnded, late.frames, feed.viewers]).toEqual([true, [], 0]);
    feed.start(() => {});
    const next = new Reader(-1);
    feed.add(next.viewer);
    expect([next.isEnded, next.types, feed.viewers]).toEqual([false, ["resync"], 1]);
    feed.stop();
  });

  it("ends its viewers when it closes, and those that do not read at once", () => {
    const { feed } = shown();
    const [healthy, stalled] = [new Reader(-1), new Reader(-1)] as const;
    feed.add(healthy.viewer);
    feed.add(stalled.viewer);
    stalled.writableLength = 1;
    feed.close();
    expect([healthy.isEnded, healthy.isDestroyed]).toEqual([true, false]);
    expect([stalled.isEnded, stalled.isDestroyed]).toEqual([true, true]);
    expect(feed.viewers).toBe(0);
    feed.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("notes what happens from its start to its stop, and once", () => {
    const { feed, root } = shown();
    feed.start(() => {});
    happen(root);
    expect(feed.journal.since(0).map(({ type }) => type)).toEqual(["registered", "started"]);
    feed.stop();
    happen(root);
    expect(feed.journal.seq).toBe(2);
  });
});
