import { type Child, Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

const restartLimit = { maxRestarts: 2, window: 10_000 };

useFakeTime();

beforeEach(() => {
  vi.setSystemTime(0);
});

describe("Child.restartBudget", () => {
  it("counts the restarts within the window, and says when the oldest leaves it", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartLimit });
    root.start();
    const [child] = root.children as [Child];
    expect(child.restartBudget).toStrictEqual({ used: 0, ...restartLimit });
    await pass(500);
    worker.life.crash();
    await pass(2_000);
    expect(child.restartBudget).toStrictEqual({ used: 1, ...restartLimit, freesAt: 10_500 });
    worker.life.crash();
    await pass(2_000);
    expect(child.restartBudget).toStrictEqual({ used: 2, ...restartLimit, freesAt: 10_500 });
    await pass(6_001);
    expect(child.restartBudget).toStrictEqual({ used: 1, ...restartLimit, freesAt: 12_500 });
    await pass(2_000);
    expect(child.restartBudget).toStrictEqual({ used: 0, ...restartLimit });
    await root.stop();
  });

  it("changes nothing by being read", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartLimit });
    root.start();
    const [child] = root.children as [Child];
    for (let crashes = 0; crashes < 3; crashes++) {
      expect(child.restartBudget?.used).toBe(crashes);
      expect(child.restartBudget).toEqual(child.restartBudget);
      worker.life.crash();
      await pass(1_000);
    }
    await expect(root.wait()).resolves.toBeUndefined();
    expect(root.status).toBe("failed");
    expect(child.restartBudget?.used).toBe(3);
  });

  it("says when it frees also where the first crash was one too many", async () => {
    const worker = new Puppet("worker");
    const limit = { maxRestarts: 0, window: 100 };
    const root = new Supervisor("root", { actors: [worker], restartLimit: limit });
    root.start();
    const [child] = root.children as [Child];
    await pass(50);
    worker.life.crash();
    await pass();
    expect(child.restartBudget).toEqual({ used: 1, ...limit, freesAt: 150 });
  });

  it("is by the child's own limit", () => {
    const own = { maxRestarts: 7, window: 70_000 };
    const root = new Supervisor("root", {
      actors: [{ actor: new Puppet("own"), restartLimit: own }, new Puppet("none")],
    });
    const budgets = root.children.map((child) => child.restartBudget);
    expect(budgets).toEqual([{ used: 0, ...own }, undefined]);
  });

  it("follows the clock of the day when that was set", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartLimit });
    root.start();
    vi.setSystemTime(1_000_000);
    worker.life.crash();
    await pass();
    expect(root.children[0]?.restartBudget?.freesAt).toBe(1_010_000);
    expect(root.children[0]?.restartsAt).toBe(1_001_000);
    await root.stop();
  });
});

describe("Supervisor.restartBudget", () => {
  it("is that of the group, and its children have none", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [new Puppet("other"), worker],
      strategy: "one-for-all",
      restartLimit,
    });
    expect(root.restartBudget).toStrictEqual({ used: 0, ...restartLimit });
    root.start();
    worker.life.crash();
    await pass(1_000);
    expect(root.restartBudget).toStrictEqual({ used: 1, ...restartLimit, freesAt: 10_000 });
    expect(root.children.map((child) => child.restartBudget)).toEqual([undefined, undefined]);
    await root.stop();
    root.start();
    expect(root.restartBudget).toStrictEqual({ used: 0, ...restartLimit });
    await root.stop();
  });

  it("is not there without a limit, nor where each child has its own", () => {
    expect(new Supervisor("group", { strategy: "rest-for-one" }).restartBudget).toBeUndefined();
    expect(new Supervisor("each", { restartLimit }).restartBudget).toBeUndefined();
  });
});

describe("Child.restartsAt", () => {
  it("is when a child that waits begins again, and unknown otherwise", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartDelay: 400 });
    const [child] = root.children as [Child];
    expect(child.restartsAt).toBeUndefined();
    root.start();
    expect(child.restartsAt).toBeUndefined();
    await pass(100);
    worker.life.crash();
    await pass(200);
    expect([child.status, child.restartsAt]).toEqual(["waiting", 500]);
    await pass(200);
    expect([child.status, child.startedAt, child.restartsAt]).toEqual(["running", 500, undefined]);
    await root.stop();
    expect(child.restartsAt).toBeUndefined();
  });

  it("is known to the observer that hears of the restart", async () => {
    const seen: unknown[] = [];
    const worker = new Puppet("worker");
    const root: Supervisor = new Supervisor("root", {
      actors: [worker],
      observer: {
        onActorRestarting: (_, count, error, delay) =>
          seen.push(count, error?.message, delay, root.children[0]?.restartsAt),
      },
    });
    root.start();
    worker.life.crash(new Error("boom"));
    await pass();
    expect(seen).toEqual([1, "boom", 1_000, 1_000]);
    await root.stop();
  });

  it("is the same for all of a group that waits", async () => {
    const workers = [new Puppet("first"), new Puppet("second")] as const;
    const root = new Supervisor("root", { actors: workers, strategy: "one-for-all" });
    root.start();
    workers[1].life.crash();
    await pass(10);
    expect(root.children.map((child) => child.restartsAt)).toEqual([1_000, 1_000]);
    await root.stop();
  });

  it("is unknown when its supervisor stops", async () => {
    const [slow, worker] = [new Puppet("slow"), new Puppet("worker")];
    const root = new Supervisor("root", { actors: [worker, slow] });
    root.start();
    slow.life.hang();
    worker.life.crash();
    await pass();
    const [child] = root.children as [Child];
    expect(child.restartsAt).toBe(1_000);
    const stopped = root.stop();
    expect([child.status, child.restartsAt]).toEqual(["waiting", undefined]);
    await pass(5_000);
    await stopped;
  });
});
