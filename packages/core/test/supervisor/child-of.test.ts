import { type Actor, actor, type Child, childOf, Supervisor, task } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("childOf", () => {
  it("is the handle of any actor, also of a nested supervisor", async () => {
    const server = actor("server", () => ({}));
    const clock = task("clock", ({ signal }) => void signal);
    const own = new Puppet("own");
    const branch = new Supervisor("branch", { actors: [server, clock, own] });
    const root = new Supervisor("root", { actors: [branch] });
    for (const each of [server, clock, own, branch]) expect(childOf(each)).toBeUndefined();
    root.start();
    expect([server, clock, own].map(childOf)).toEqual(branch.children);
    expect(childOf(branch)).toBe(root.children[0]);
    expect(childOf(branch)?.supervisor).toBe(root);
    expect(childOf(root)).toBeUndefined();
    await root.stop();
  });

  it("is the last handle of one that has stopped for good, until it is supervised anew", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root");
    root.start();
    const first = root.spawn(worker);
    await first.stop();
    expect(childOf(worker)).toBe(first);
    expect(first.status).toBe("stopped");
    const second = root.spawn(worker);
    expect(childOf(worker)).toBe(second);
    await root.stop();
  });

  it("is the last handle inside of the callbacks that tell of the end", async () => {
    const seen: [string, Child | undefined][] = [];
    const worker = new Puppet("worker");
    const stuck = new Puppet("stuck");
    const branch = new Supervisor("branch", {
      actors: [worker, stuck],
      restartLimit: { maxRestarts: 0, window: 1 },
    });
    const note = (actor: Actor): void => void seen.push([actor.name, childOf(actor)]);
    const root = new Supervisor("root", {
      actors: [{ actor: branch, policy: "temporary" }],
      observer: {
        onActorStopped: note,
        onActorAbandoned: note,
        onSupervisorTerminal: () => [branch, worker].forEach(note),
      },
    });
    root.start();
    const branchChild = root.children[0];
    const [workerChild, stuckChild] = branch.children;
    stuck.life.hang();
    worker.life.crash();
    await pass(5_000);
    expect(seen).toEqual([
      ["worker", workerChild],
      ["branch", branchChild],
      ["worker", workerChild],
      ["stuck", stuckChild],
      ["branch", branchChild],
    ]);
  });

  it("knows nothing of an actor whose supervisor could not start", () => {
    const taken = new Puppet("taken");
    const free = new Puppet("free");
    const owner = new Supervisor("owner", { actors: [taken] });
    owner.start();
    const root = new Supervisor("root", { actors: [free, taken] });
    expect(() => root.start()).toThrow('"taken"');
    expect(childOf(free)).toBeUndefined();
    expect(childOf(taken)).toBe(owner.children[0]);
    return owner.stop();
  });
});

describe("Child.options", () => {
  it("are its own, and those of its supervisor where it has none", async () => {
    const restartLimit = { maxRestarts: 3, window: 60_000 };
    const root = new Supervisor("root", {
      policy: "permanent",
      restartDelay: 100,
      restartLimit,
      shutdownTimeout: 1_000,
      actors: [
        new Puppet("plain"),
        { actor: new Puppet("own"), policy: "temporary", restartDelay: { initial: 10, max: 40 } },
      ],
    });
    const [plain, own] = root.children as [Child, Child];
    expect(plain.options).toEqual({
      policy: "permanent",
      restartDelay: { initial: 100, max: 100 * 1.1, factor: 1, jitter: 0.1, resetAfter: 100 * 1.1 },
      restartLimit,
      shutdownTimeout: 1_000,
      significant: false,
    });
    expect(own.options).toEqual({
      ...plain.options,
      policy: "temporary",
      restartDelay: { initial: 10, max: 40, factor: 2, jitter: 0.1, resetAfter: 40 },
    });
    const spawned = root.spawn(new Puppet("spawned"));
    expect(spawned.options).toBe(plain.options);
    await root.stop();
  });
});

describe("Supervisor", () => {
  it("tells its strategy, startup and autoShutdown, given or not", () => {
    const plain = new Supervisor("plain");
    expect([plain.strategy, plain.startup, plain.autoShutdown]).toEqual([
      "one-for-one",
      "concurrent",
      "never",
    ]);
    const { strategy, startup, autoShutdown } = new Supervisor("other", {
      actors: [new Puppet("worker")],
      strategy: "rest-for-one",
      startup: "ordered",
    });
    expect([strategy, startup, autoShutdown]).toEqual(["rest-for-one", "ordered", "all"]);
  });
});
