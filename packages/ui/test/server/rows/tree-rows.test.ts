import { computed, signal } from "@sup/bus";
import { actor, type AnyMessage, Mailbox, Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ActorState } from "../../../src/lib/model/wire.ts";
import { Journal } from "../../../src/lib/server/journal/journal.ts";
import { TreeRows } from "../../../src/lib/server/rows/tree-rows.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** As it goes over the wire. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("TreeRows", () => {
  it("tells all of a tree at first, parents before their children", () => {
    const counter = actor("counter", () => ({ add() {} }), { capacity: 10 });
    const market = new Supervisor("market", {
      actors: [counter],
      policy: "permanent",
      strategy: "one-for-all",
      restartLimit: { maxRestarts: 3, window: 60_000 },
    });
    const root = new Supervisor("gateway", { actors: [market] });
    root.start();
    const { gone, came, actors } = new TreeRows().read(root);
    expect({ gone, actors }).toEqual({ gone: [], actors: [] });
    const [marketId, counterId] = came.slice(1).map(({ id }) => id);
    expect(wire(came)).toEqual([
      {
        id: 0,
        name: "gateway",
        kind: "supervisor",
        strategy: "one-for-one",
        status: "ready",
        restarts: 0,
        startedAt: 1_000_000,
      },
      {
        id: marketId,
        parent: 0,
        name: "market",
        kind: "supervisor",
        policy: "transient",
        strategy: "one-for-all",
        status: "ready",
        restarts: 0,
        startedAt: 1_000_000,
        budget: { used: 0, max: 3, window: 60_000 },
      },
      {
        id: counterId,
        parent: marketId,
        name: "counter",
        kind: "actor",
        policy: "permanent",
        status: "ready",
        restarts: 0,
        startedAt: 1_000_000,
        queued: 0,
        capacity: 10,
        handled: 0,
      },
    ]);
  });

  it("tells nothing when nothing has changed", () => {
    const root = new Supervisor("gateway", {
      actors: [new Puppet("a")],
      restartLimit: { maxRestarts: 3, window: 60_000 },
    });
    root.start();
    const rows = new TreeRows();
    rows.read(root);
    expect(rows.read(root)).toEqual({ gone: [], came: [], actors: [] });
  });

  it("tells the fields that have changed, and with null those that are no longer there", async () => {
    const feed = new Puppet("feed");
    const root = new Supervisor("gateway", {
      actors: [feed],
      restartDelay: { initial: 500, jitter: 0 },
      restartLimit: { maxRestarts: 3, window: 10_000 },
    });
    root.start();
    const rows = new TreeRows();
    const id = rows.read(root).came[1]!.id;
    const changed = (): object | undefined =>
      rows.read(root).actors.find((change) => change.id === id);
    feed.life.ready();
    expect(changed()).toEqual({ id, status: "ready" });
    feed.life.crash(new Error("boom"));
    await pass();
    expect(changed()).toEqual({
      id,
      status: "waiting",
      lastError: "boom",
      restartsAt: 1_000_500,
      budget: { used: 1, max: 3, window: 10_000, freesAt: 1_010_000 },
    });
    await pass(500);
    expect(changed()).toEqual({
      id,
      status: "running",
      restarts: 1,
      startedAt: 1_000_500,
      restartsAt: null,
    });
    await pass(10_000);
    expect(changed()).toEqual({ id, budget: { used: 0, max: 3, window: 10_000 } });
    expect(changed()).toBeUndefined();
  });

  it("tells of a budget that is used by a restart between two readings, or by the one that was refused", async () => {
    const [quick, refused] = [new Puppet("quick"), new Puppet("refused")];
    const none = { maxRestarts: 0, window: 10_000 };
    const market = new Supervisor("market", { actors: [{ actor: refused, restartLimit: none }] });
    const root = new Supervisor("gateway", {
      actors: [quick, { actor: market, policy: "temporary" }],
      restartDelay: 0,
      restartLimit: { maxRestarts: 3, window: 10_000 },
    });
    root.start();
    const rows = new TreeRows();
    const ids = new Map(rows.read(root).came.map(({ name, id }) => [name, id]));
    quick.life.crash();
    refused.life.crash();
    await pass();
    await pass(1);
    const used = rows
      .read(root)
      .actors.flatMap(({ id, budget }) => (budget ? [[id, budget.used, budget.max]] : []));
    expect(used).toEqual([
      [ids.get("quick"), 1, 3],
      [ids.get("refused"), 1, 0],
    ]);
  });

  it("tells of an actor that is a value why it failed, and whether it is old by itself or by another", async () => {
    let fails = false;
    const read = (): number => {
      if (fails) throw new Error("no answer");
      return 7;
    };
    const reading = signal("reading", read, { interval: 1_000, staleAfter: 3_000 });
    const flow = computed("flow", () => (reading.read() ?? 0) * 2, [reading]);
    const root = new Supervisor("gateway", { actors: [reading, flow] });
    root.start();
    await pass();
    const rows = new TreeRows();
    const [, readingId, flowId] = rows.read(root).came.map(({ id }) => id);
    fails = true;
    await pass(1_000);
    expect(rows.read(root).actors).toEqual([{ id: readingId, valueError: "no answer" }]);
    await pass(3_000);
    const updatedAt = 1_000_000;
    expect(rows.read(root).actors).toEqual([
      { id: readingId, stale: true, updatedAt },
      {
        id: flowId,
        stale: true,
        staleFrom: "reading",
        cause: "old because of reading: no answer",
        updatedAt,
      },
    ]);
    expect(rows.read(root).actors).toEqual([]);
    fails = false;
    await pass(1_000);
    const over = { stale: null, updatedAt: null };
    expect(rows.read(root).actors).toEqual([
      { id: readingId, valueError: null, ...over },
      { id: flowId, staleFrom: null, cause: null, ...over },
    ]);
    await root.stop();
  });

  it("bears a value that throws when it is asked how it is", async () => {
    const touchy = new Puppet("touchy");
    const status = (): never => {
      throw new Error("touched");
    };
    Object.assign(touchy, { status, dependencies: [] });
    const root = new Supervisor("gateway", { actors: [touchy] });
    root.start();
    expect(new TreeRows().read(root).came[1]).toMatchObject({ valueError: "touched" });
    await root.stop();
  });

  it("tells how much is queued, since when, and how much was handled", async () => {
    const mailbox = new Mailbox<{ add(by: number): void }>({ capacity: 5 });
    const worker = new Puppet("worker", { mailbox });
    const root = new Supervisor("gateway", { actors: [worker] });
    root.start();
    const rows = new TreeRows();
    const id = rows.read(root).came[1]!.id;
    mailbox.cast("add", 1);
    mailbox.cast("add", 2);
    expect(rows.read(root).actors).toEqual([{ id, queued: 2, oldestAt: 1_000_000 }]);
    void mailbox.serve({ signal: worker.life.context.signal }, { add() {} });
    await pass();
    expect(rows.read(root).actors).toEqual([{ id, queued: 0, oldestAt: null, handled: 2 }]);
  });

  it("tells who came and who is gone", async () => {
    const root = new Supervisor("gateway");
    root.start();
    const rows = new TreeRows();
    rows.read(root);
    const jobs = new Supervisor("jobs");
    const child = root.spawn(jobs, { policy: "temporary" });
    const job = jobs.spawn(new Puppet("job"));
    expect(rows.read(root).came.map(({ id, parent }) => [id, parent])).toEqual([
      [child.id, 0],
      [job.id, child.id],
    ]);
    await child.stop();
    expect(new Set(rows.read(root).gone)).toEqual(new Set([child.id, job.id]));
    expect(rows.states().map(({ id }) => id)).toEqual([0]);
  });

  it("keeps what it has told when a row changes later", () => {
    const root = new Supervisor("gateway");
    const rows = new TreeRows();
    const { came } = rows.read(root);
    root.start();
    rows.read(root);
    expect(came[0]?.status).toBe("starting");
  });

  it("shows the root that is somebody's child by that child's id", () => {
    const shown = new Supervisor("gateway");
    const top = new Supervisor("top", { actors: [shown], policy: "permanent" });
    top.start();
    const [state] = new TreeRows().read(shown).came;
    expect(state).toMatchObject({ id: top.children[0]!.id, policy: "permanent", status: "ready" });
    expect(state?.parent).toBeUndefined();
  });

  it.each([
    ["name", { name: "(no name)" }],
    ["kind", { kind: "actor" }],
    ["mailbox", { lastError: "Cannot read its mailbox: touched" }],
    ["length", { lastError: "Cannot read its mailbox: touched" }],
  ])("shows an actor whose %s throws, and all others", (what, shown) => {
    const hostile = new Puppet("hostile", { mailbox: new Mailbox() });
    const root = new Supervisor("gateway", { actors: [hostile, new Puppet("other")] });
    root.start();
    Object.defineProperty(what === "length" ? hostile.mailbox! : hostile, what, {
      get() {
        throw new Error("touched");
      },
    });
    const [, row, other] = new TreeRows().read(root).came as [ActorState, ActorState, ActorState];
    expect(row).toMatchObject({ status: "running", ...shown });
    expect(other).toMatchObject({ name: "other", status: "running" });
  });

  it("tells of one that a group took along who did, and not its own crash of before", async () => {
    const [feed, band] = [new Puppet("feed"), new Puppet("band")];
    const root = new Supervisor("gateway", {
      actors: [feed, band],
      policy: "permanent",
      strategy: "rest-for-one",
      restartDelay: { initial: 500, jitter: 0 },
    });
    const journal = new Journal(() => root);
    root.observe(journal);
    root.start();
    const rows = new TreeRows(journal);
    rows.read(root);
    const told = (): unknown[] => {
      rows.read(root);
      const { lastError, because } = rows.states().find(({ name }) => name === "band")!;
      return [lastError, because];
    };
    const byFeed = [undefined, "taken along by feed (rest-for-one)"];
    expect(told()).toEqual([undefined, undefined]);
    band.life.crash(new Error("ECONNRESET"));
    await pass();
    expect(told()).toEqual(["ECONNRESET", undefined]);
    // While it waits for its own restart already.
    feed.life.crash(new Error("power cut"));
    await pass();
    expect(told()).toEqual(byFeed);
    await pass(20_000);
    expect(told()).toEqual(byFeed);
    band.life.crash(new Error("no answer"));
    await pass(2_000);
    expect(told()).toEqual(["no answer", undefined]);
    feed.life.crash(new Error("power cut"));
    await pass();
    expect(told()).toEqual(byFeed);
    await pass(20_000);
    await root.children[1]!.restart();
    expect(told()).toEqual([undefined, undefined]);
    await root.stop();
  });

  it("tells for a minute how many messages of an actor were never handled", async () => {
    const mailbox = new Mailbox<{ add(by: number): void }>({ capacity: 4 });
    const worker = Object.assign(new Puppet("worker"), { mailbox });
    const root = new Supervisor("gateway", { actors: [worker], policy: "permanent" });
    const journal = new Journal(() => root);
    root.observe(journal);
    root.start();
    const rows = new TreeRows(journal);
    rows.read(root);
    const { id } = root.children[0]!;
    const lost = (): unknown => {
      const change = rows.read(root).actors.find((one) => one.id === id);
      return change && [change.undelivered, change.undeliveredAt];
    };
    journal.onMessageUndelivered(worker, { type: "add" } as AnyMessage, new Error("stopped"));
    journal.onMessageUndelivered(worker, { type: "add" } as AnyMessage, new Error("stopped"));
    expect(lost()).toEqual([2, 1_000_000]);
    await pass(59_000);
    expect(lost()).toBeUndefined();
    journal.onMessageUndelivered(worker, { type: "add" } as AnyMessage, new Error("stopped"));
    expect(lost()).toEqual([3, 1_059_000]);
    await pass(60_001);
    expect(lost()).toEqual([null, null]);
    journal.onMessageUndelivered(worker, { type: "add" } as AnyMessage, new Error("stopped"));
    expect(lost()).toEqual([1, 1_119_001]);
    await root.stop();
  });
});
