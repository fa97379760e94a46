import { actor, Mailbox, type Snapshot, Supervisor, task } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("snapshot", () => {
  it("is the whole tree as plain data that JSON carries", async () => {
    vi.setSystemTime(1_000);
    const server = actor("server", () => ({ ping: () => "pong" }), { capacity: 7 });
    const clock = task("clock", () => new Promise<void>(() => {}));
    const worker = new Puppet("worker", { mailbox: new Mailbox({ capacity: 3 }) });
    const branch = new Supervisor("branch", {
      actors: [server, { actor: clock, shutdownTimeout: 0 }],
    });
    const root = new Supervisor("root", { actors: [worker, branch] });
    root.start();
    await pass();
    const ids = [root, branch].flatMap(({ children }) => children.map(({ id }) => id));
    const [workerId, branchId, serverId, clockId] = ids as [number, number, number, number];
    const snapshot = root.snapshot();
    expect(snapshot).toStrictEqual({
      id: 0,
      name: "root",
      kind: "supervisor",
      status: "running",
      strategy: "one-for-one",
      restarts: 0,
      startedAt: 1_000,
      children: [
        {
          id: workerId,
          name: "worker",
          kind: "puppet",
          status: "running",
          policy: "transient",
          restarts: 0,
          startedAt: 1_000,
          mailbox: { length: 0, capacity: 3, handled: 0 },
        },
        {
          id: branchId,
          name: "branch",
          kind: "supervisor",
          status: "running",
          policy: "transient",
          strategy: "one-for-one",
          restarts: 0,
          startedAt: 1_000,
          children: [
            {
              id: serverId,
              name: "server",
              kind: "actor",
              status: "ready",
              policy: "transient",
              restarts: 0,
              startedAt: 1_000,
              mailbox: { length: 0, capacity: 7, handled: 0 },
            },
            {
              id: clockId,
              name: "clock",
              kind: "task",
              status: "running",
              policy: "transient",
              restarts: 0,
              startedAt: 1_000,
            },
          ],
        },
      ],
    } satisfies Snapshot);
    expect(JSON.parse(JSON.stringify(snapshot))).toStrictEqual(snapshot);
    const stopped = root.stop();
    await pass(1);
    await stopped;
  });

  it("of a supervisor before its start leaves out what is not known", () => {
    const root = new Supervisor("root", { actors: [new Puppet("worker")] });
    expect(root.snapshot()).toStrictEqual({
      id: 0,
      name: "root",
      kind: "supervisor",
      status: "starting",
      strategy: "one-for-one",
      restarts: 0,
      children: [
        {
          id: expect.any(Number) as number,
          name: "worker",
          kind: "puppet",
          status: "starting",
          policy: "transient",
          restarts: 0,
        },
      ],
    });
  });

  it("shows the last error, restarts and the time of the present life", async () => {
    vi.setSystemTime(0);
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    const error = new Error("boom");
    worker.life.crash(error);
    await pass(400);
    const shown = (): Snapshot | undefined => root.snapshot().children?.[0];
    expect(shown()).toMatchObject({
      status: "waiting",
      restarts: 0,
      lastError: { message: "boom", stack: error.stack },
    });
    await pass(600);
    expect(shown()).toMatchObject({ status: "running", restarts: 1, startedAt: 1_000 });
    expect(shown()?.lastError?.message).toBe("boom");
    await root.stop();
  });

  it("shows how full a mailbox is, since when, and what was handled", async () => {
    vi.setSystemTime(1_000);
    const mailbox = new Mailbox<{ work(): void }>({ capacity: 5 });
    const root = new Supervisor("root", { actors: [new Puppet("worker", { mailbox })] });
    root.start();
    mailbox.cast("work");
    mailbox.cast("work");
    expect(root.snapshot().children?.[0]?.mailbox).toEqual({
      length: 2,
      capacity: 5,
      handled: 0,
      oldestAt: 1_000,
    });
    await root.stop();
  });

  it("shows the restart budget of each child, and when one that waits begins again", async () => {
    vi.setSystemTime(1_000);
    const worker = new Puppet("worker");
    const restartLimit = { maxRestarts: 2, window: 10_000 };
    const root = new Supervisor("root", { actors: [worker], restartLimit });
    root.start();
    const shown = (): Snapshot | undefined => root.snapshot().children?.[0];
    expect(shown()?.restartBudget).toEqual({ used: 0, maxRestarts: 2, window: 10_000 });
    worker.life.crash();
    await pass();
    expect(shown()).toMatchObject({
      status: "waiting",
      restartsAt: 2_000,
      restartBudget: { used: 1, maxRestarts: 2, window: 10_000, freesAt: 11_000 },
    });
    await pass(1_000);
    expect(shown()).not.toHaveProperty("restartsAt");
    expect(root.snapshot()).not.toHaveProperty("groupBudget");
    await root.stop();
  });

  it("shows the restart budget of a group with its supervisor", async () => {
    vi.setSystemTime(1_000);
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      strategy: "one-for-all",
      restartLimit: { maxRestarts: 2, window: 10_000 },
    });
    root.start();
    worker.life.crash();
    await pass();
    expect(root.snapshot()).toMatchObject({
      strategy: "one-for-all",
      groupBudget: { used: 1, maxRestarts: 2, window: 10_000, freesAt: 11_000 },
      children: [{ status: "waiting", restartsAt: 2_000 }],
    });
    expect(root.snapshot().children?.[0]).not.toHaveProperty("restartBudget");
    await root.stop();
  });

  it("shows every status", async () => {
    const shown = new Set<string>();
    const names = ["ready", "waiting", "stopping", "stopped", "failed", "abandoned", "starting"];
    const puppets = names.map((name) => new Puppet(name));
    const root = new Supervisor("root", {
      actors: puppets,
      startup: "ordered",
      policy: "permanent",
    });
    root.start();
    const note = (): void => {
      const { status, children = [] } = root.snapshot();
      for (const each of [status, ...children.map((child) => child.status)]) shown.add(each);
    };
    note();
    const [ready, waiting, stopping, stopped, failed, abandoned] = puppets as [
      Puppet,
      Puppet,
      Puppet,
      Puppet,
      Puppet,
      Puppet,
    ];
    ready.life.ready();
    await pass();
    waiting.life.crash();
    await pass();
    stopping.life.hang();
    stopping.life.fail();
    stopping.life.ready();
    await pass(5_000);
    stopped.life.finish();
    await pass();
    failed.life.hang();
    failed.life.finish();
    failed.life.crash();
    await pass();
    abandoned.life.hang();
    abandoned.life.finish();
    note();
    await pass(5_000);
    note();
    await root.stop();
    expect([...shown].toSorted()).toEqual([
      "abandoned",
      "failed",
      "ready",
      "running",
      "starting",
      "stopped",
      "stopping",
      "waiting",
    ]);
  });

  it("of a nested supervisor is the part of the tree that it is", async () => {
    const branch = new Supervisor("branch", { actors: [new Puppet("leaf")] });
    const root = new Supervisor("root", { actors: [branch] });
    root.start();
    expect(branch.snapshot()).toEqual(root.snapshot().children?.[0]);
    expect(branch.snapshot().id).toBe(root.children[0]?.id);
    await root.stop();
    expect(branch.snapshot()).toMatchObject({ id: 0, status: "stopped" });
  });

  it("of a failed supervisor shows why", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      restartLimit: { maxRestarts: 0, window: 1 },
    });
    root.start();
    worker.life.crash(new Error("boom"));
    await root.wait();
    expect(root.snapshot()).toMatchObject({
      status: "failed",
      lastError: { message: expect.stringContaining('"worker"') as string },
    });
  });

  it("is safe for JSON whatever a crash was made of", async () => {
    const odd: unknown[] = [
      Object.assign(new Error("boom"), { message: 10n }),
      Object.assign(new Error("boom"), { stack: undefined }),
      Object.assign(new Error("boom"), { stack: { deep: 1n } }),
      { toJSON: () => 1n },
      Symbol("odd"),
      10n,
    ];
    for (const thrown of odd) {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      worker.life.crash(thrown);
      await pass();
      const snapshot = root.snapshot();
      expect(JSON.parse(JSON.stringify(snapshot))).toStrictEqual(snapshot);
      expect(typeof snapshot.children?.[0]?.lastError?.message).toBe("string");
      await root.stop();
    }
  });
});
