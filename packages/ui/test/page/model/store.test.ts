import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActorState, PageChange, PageSnapshot } from "../../../src/lib/model/wire.ts";
import type { ActorRow } from "../../../src/page/model/row.ts";
import { Store } from "../../../src/page/model/store.ts";
import { allRows, treeRows } from "../../../src/page/model/tree-rows.ts";

const self = { viewers: 1, frames: 0, bytes: 0, skipped: 0, cpu: 0 };

function actor(id: number, parent?: number, more: Partial<ActorState> = {}): ActorState {
  const kind = "actor";
  return {
    id,
    ...(parent !== undefined && { parent }),
    name: `a${id}`,
    kind,
    status: "ready",
    restarts: 0,
    ...more,
  };
}

function snapshot(actors: readonly ActorState[], more: Partial<PageSnapshot> = {}): PageSnapshot {
  return {
    version: 1,
    id: "one:1",
    now: 1_000_000,
    tick: 250,
    actors,
    values: [],
    events: [],
    self,
    ...more,
  };
}

function change(more: Omit<PageChange, "now">, now = 1_000_250): PageChange {
  return { now, ...more };
}

function loaded(...actors: readonly ActorState[]): Store {
  const store = new Store();
  store.load(snapshot(actors));
  return store;
}

const three = [
  actor(0, undefined, { kind: "supervisor" }),
  actor(1, 0, { kind: "supervisor" }),
  actor(2, 1, { queued: 3, capacity: 10, restarts: 2 }),
  actor(3, 1),
];

function rowOf(store: Store, id: number): ActorRow {
  return store.rows.get(id)!;
}

describe("Store", () => {
  it("sums up what is below each supervisor when a snapshot is loaded", () => {
    const store = loaded(...three);
    expect(store.root?.sums).toEqual({ actors: 2, problems: 0, queued: 3, restarts: 2, rate: 0 });
    expect(rowOf(store, 1).sums).toEqual({
      actors: 2,
      problems: 0,
      queued: 3,
      restarts: 2,
      rate: 0,
    });
  });

  it("sets the fields that a change names, takes away those that are null, and keeps the others", () => {
    const store = loaded(...three);
    store.apply(change({ actors: [{ id: 2, queued: null, lastError: "Error: no" }] }));
    expect(rowOf(store, 2).state).toEqual({
      ...three[2],
      queued: undefined,
      lastError: "Error: no",
    });
    expect(store.root?.sums.queued).toBe(0);
  });

  it("takes who is gone away with all below, and its sums with it", () => {
    const store = loaded(...three);
    store.apply(change({ gone: [1] }));
    expect([...store.rows.keys()]).toEqual([0]);
    expect(store.root?.sums).toEqual({ actors: 0, problems: 0, queued: 0, restarts: 0, rate: 0 });
    expect(store.root?.children).toEqual([]);
  });

  it("puts who is new among its siblings in the order of their ids", () => {
    const store = loaded(actor(0), actor(2, 0), actor(9, 0));
    store.apply(change({ came: [actor(5, 0), actor(1, 0)] }));
    expect(rowOf(store, 0).children.map(({ id }) => id)).toEqual([1, 2, 5, 9]);
  });

  it("knows nobody of the process before when the epoch is another one, and says since when", () => {
    const store = loaded(...three);
    store.load(snapshot([actor(7, undefined, { name: "new" })], { id: "two:1", now: 1_005_000 }));
    expect([...store.rows.keys()]).toEqual([7]);
    expect(store.restartedAt).toBe(1_005_000);
  });

  it("counts no restarts of the process before", () => {
    const store = loaded(...three);
    store.tick(1_000_000);
    store.apply(change({ actors: [{ id: 3, restarts: 4 }] }));
    store.tick(1_001_000);
    expect(store.restartsInLastMinute()).toBe(4);
    store.load(snapshot(three, { id: "two:1", now: 1_002_000 }));
    store.tick(1_002_000);
    expect(store.restartsInLastMinute()).toBe(0);
  });

  it("keeps what was opened and closed when a snapshot of the same process is loaded", () => {
    const store = loaded(...three);
    store.setOpen(rowOf(store, 1), false);
    store.load(snapshot(three, { id: "one:90" }));
    expect(treeRows(store.root).map(({ id }) => id)).toEqual([0, 1]);
    expect(store.restartedAt).toBeUndefined();
  });

  it("learns who is gone, and what changed, from a snapshot of the same process", () => {
    const store = loaded(...three);
    const row = rowOf(store, 2);
    store.load(snapshot([three[0]!, three[1]!, actor(2, 1, { queued: 5 })], { id: "one:90" }));
    expect([...store.rows.keys()]).toEqual([0, 1, 2]);
    expect(rowOf(store, 2)).toBe(row);
    expect(store.root?.sums).toEqual({ actors: 1, problems: 0, queued: 5, restarts: 0, rate: 0 });
  });

  it("takes an event once however often it is told, and keeps the last thousand", () => {
    const store = loaded(...three);
    const event = (seq: number) => ({
      seq,
      at: 0,
      type: "started" as const,
      actor: 2,
      path: [],
      why: "",
    });
    const events = Array.from({ length: 1_200 }, (_, seq) => event(seq));
    store.apply(change({ events: events.slice(0, 700) }));
    store.apply(change({ events: events.slice(500) }));
    expect(store.events.map(({ seq }) => seq)).toEqual(events.slice(200).map(({ seq }) => seq));
  });

  it("counts a problem for as long as it lasts", () => {
    const store = loaded(...three);
    store.apply(change({ actors: [{ id: 3, status: "failed" }] }));
    expect(store.problems).toBe(1);
    expect(store.root?.sums.problems).toBe(1);
    store.apply(change({ actors: [{ id: 3, status: "ready" }] }));
    expect(store.problems).toBe(0);
    expect(store.root?.sums.problems).toBe(0);
  });

  it("finds a queue stalled when only time went by", () => {
    const store = loaded(actor(0), actor(1, 0, { queued: 1, oldestAt: 1_000_000 }));
    store.tick(1_004_000);
    expect(store.problems).toBe(0);
    store.tick(1_006_000);
    expect(rowOf(store, 1).problem).toBe("stalled");
  });

  it("counts a value that failed or is stale among the problems", () => {
    const store = new Store();
    const value = { id: 0, name: "v", kind: "signal", type: "number" as const, text: "1" };
    store.load(snapshot([actor(0)], { values: [value] }));
    store.apply(change({ values: [{ id: 0, error: "Error: no" }] }));
    expect([...store.troubled].map(({ problem }) => problem)).toEqual(["failed"]);
    store.apply(change({ values: [{ id: 0, error: null, stale: true }] }));
    expect([...store.troubled].map(({ problem }) => problem)).toEqual(["stale"]);
    store.apply(change({ values: [{ id: 0, stale: null }] }));
    expect(store.problems).toBe(0);
  });

  it("counts a value that is in the tree once, with its actor", () => {
    const store = new Store();
    const value = { id: 0, name: "v", kind: "signal", type: "number" as const, actor: 1 };
    store.load(snapshot([actor(0), actor(1, 0)], { values: [value] }));
    store.apply(
      change({
        actors: [{ id: 1, valueError: "no answer" }],
        values: [{ id: 0, error: "no answer" }],
      }),
    );
    expect([store.problems, rowOf(store, 1).problem]).toEqual([1, "failed"]);
    store.apply(change({ gone: [1], values: [{ id: 0, actor: null }] }));
    expect([store.problems, store.troubled.size]).toEqual([1, 1]);
  });

  it("tells messages per second, and zero a second after the last one", () => {
    const store = loaded(actor(0), actor(1, 0, { handled: 100 }));
    store.tick(1_000_000);
    store.apply(change({ actors: [{ id: 1, handled: 140 }] }));
    store.tick(1_001_000);
    expect([rowOf(store, 1).rate, store.root?.sums.rate]).toEqual([40, 40]);
    store.tick(1_002_000);
    expect([rowOf(store, 1).rate, store.root?.sums.rate]).toEqual([0, 0]);
  });

  it("knows when a problem began that was there before the page, and what is over", () => {
    const store = new Store();
    const event = (seq: number, actor: number, at: number) => ({
      seq,
      actor,
      at,
      type: "stopped" as const,
      path: [],
      why: "",
    });
    const events = [
      event(1, 1, 400_000),
      event(2, 1, 500_000),
      event(3, 2, 600_000),
      event(4, 3, 700_000),
      { ...event(5, 3, 800_000), type: "started" as const },
    ];
    const failed = { status: "failed" } as const;
    const budget = { used: 2, max: 2, window: 10_000 };
    const actors = [actor(0), actor(1, 0, failed), actor(2, 0, { budget }), actor(3, 0, failed)];
    store.load(snapshot(actors, { events }));
    expect([2, 3].map((id) => rowOf(store, id).problemSince)).toEqual([1_000_000, 1_000_000]);
    const row = rowOf(store, 1);
    expect([row.problem, row.problemSince]).toEqual(["failed", 500_000]);
    store.apply(change({ actors: [{ id: 1, status: "ready" }] }, 1_002_000));
    expect(row).toMatchObject({
      problem: undefined,
      problemSince: 500_000,
      cleared: "failed",
      clearedAt: 1_002_000,
    });
    store.apply(change({ actors: [{ id: 1, status: "waiting" }] }, 1_003_000));
    expect([row.problem, row.problemSince]).toEqual(["backing off", 1_003_000]);
  });

  it("has no problem of who is gone", () => {
    const store = loaded(actor(0), actor(1, 0, { status: "failed" }));
    const row = rowOf(store, 1);
    store.apply(change({ gone: [1] }));
    expect([store.problems, row.problem, row.cleared]).toEqual([0, undefined, "failed"]);
  });

  it("counts the restarts of the last minute, those before the page came too", () => {
    const store = new Store();
    const restarting = (seq: number, at: number) => ({
      seq,
      at,
      type: "restarting" as const,
      actor: 1,
      path: [],
      why: "",
    });
    const events = [restarting(1, 930_000), restarting(2, 970_000), restarting(3, 999_000)];
    store.load(snapshot([actor(0), actor(1, 0, { restarts: 3 })], { events }));
    store.tick(1_000_000);
    store.apply(change({ actors: [{ id: 1, restarts: 5 }] }));
    expect(store.restartsInLastMinute()).toBe(4);
    store.tick(1_001_000);
    expect(store.restartsInLastMinute()).toBe(4);
    store.tick(1_062_000);
    expect(store.restartsInLastMinute()).toBe(0);
  });

  it("opens as many levels of a large tree as fill a screen", () => {
    const many = Array.from({ length: 1_000 }, (_, id) => actor(id + 10, 1 + (id % 5)));
    const groups = [1, 2, 3, 4, 5].map((id) => actor(id, 0, { kind: "supervisor" }));
    const store = loaded(actor(0, undefined, { kind: "supervisor" }), ...groups, ...many);
    expect(treeRows(store.root)).toHaveLength(6);
    expect(allRows(store.root)).toHaveLength(1_006);
  });

  it("finds the row at a path, and opens what is above it", () => {
    const store = loaded(...three);
    store.setOpen(rowOf(store, 0), false);
    const row = store.find(["a0", "a1", "a3"])!;
    store.reveal(row);
    expect(row.id).toBe(3);
    expect(treeRows(store.root)).toContain(row);
    expect(store.find(["a0", "other"])).toBeUndefined();
  });

  it("knows after any changes what a snapshot of the same would tell it", () => {
    const step = fc.record({
      pick: fc.nat(),
      kind: fc.constantFrom("come", "go", "set"),
      queued: fc.option(fc.nat(20), { nil: null }),
      restarts: fc.nat(5),
      status: fc.constantFrom("ready", "waiting", "failed", "stopped" as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const truth = new Map<number, ActorState>([[0, actor(0)]]);
        const store = loaded(actor(0));
        let next = 1;
        for (const { pick, kind, queued, restarts, status } of steps) {
          const ids = [...truth.keys()];
          const id = ids[pick % ids.length]!;
          if (kind === "come") {
            const state = actor(next, id, { restarts, status });
            truth.set(next++, state);
            store.apply(change({ came: [state] }));
          } else if (kind === "go" && id !== 0) {
            store.apply(change({ gone: withThoseBelow(truth, id) }));
          } else {
            const { queued: _, ...rest } = truth.get(id)!;
            truth.set(id, { ...rest, ...(queued !== null && { queued }), restarts, status });
            store.apply(change({ actors: [{ id, queued, restarts, status }] }));
          }
        }
        const fresh = loaded(...truth.values());
        const shape = (of: Store) =>
          allRows(of.root).map(({ state, sums, depth, problem }) => ({
            ...state,
            sums,
            depth,
            problem,
          }));
        expect(shape(store)).toEqual(shape(fresh));
        expect(store.problems).toBe(fresh.problems);
      }),
    );
  });
});

/** Takes an actor and all below it out of the truth, and tells their ids. */
function withThoseBelow(truth: Map<number, ActorState>, id: number): number[] {
  const below = [...truth.values()].filter(({ parent }) => parent === id);
  const ids = [...below.flatMap((child) => withThoseBelow(truth, child.id)), id];
  truth.delete(id);
  return ids;
}
