import { type Logger, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("stop", () => {
  it("ends the children in reverse order, each awaited before the next", async () => {
    const puppets = ["a", "b", "c"].map((name) => new Puppet(name));
    const root = new Supervisor("root", { actors: puppets });
    root.start();
    for (const { life } of puppets) life.hang();
    const stopped = root.stop();
    const told = (): boolean[] => puppets.map(({ life }) => life.context.signal.aborted);
    expect(told()).toEqual([false, false, true]);
    await pass(1_000);
    expect(told()).toEqual([false, false, true]);
    puppets[2]?.life.end();
    await pass();
    expect(told()).toEqual([false, true, true]);
    puppets[1]?.life.end();
    await pass();
    expect(told()).toEqual([true, true, true]);
    puppets[0]?.life.end();
    await stopped;
  });

  it("goes all the way down a tree of three levels", async () => {
    const recorder = new Recorder();
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => new Puppet(name)) as [
      Puppet,
      Puppet,
      Puppet,
      Puppet,
      Puppet,
    ];
    const inner = new Supervisor("inner", { actors: [b, c] });
    const outer = new Supervisor("outer", { actors: [inner, d] });
    const root = new Supervisor("root", { actors: [a, outer, e], observer: recorder });
    root.start();
    recorder.clear();
    await root.stop();
    expect(recorder.lines).toEqual([
      "stopped e",
      "stopped d",
      "stopped c",
      "stopped b",
      "stopped inner",
      "stopped outer",
      "stopped a",
    ]);
  });

  it("awaits a leaf three levels down before anything started earlier is told", async () => {
    const [first, leaf] = [new Puppet("first"), new Puppet("leaf")];
    const inner = new Supervisor("inner", { actors: [leaf] });
    const outer = new Supervisor("outer", { actors: [inner] });
    const root = new Supervisor("root", { actors: [first, outer] });
    root.start();
    leaf.life.hang();
    const stopped = root.stop();
    await pass(4_000);
    expect([leaf.life.state, first.life.state]).toEqual(["hanging", "running"]);
    leaf.life.end();
    await stopped;
    expect(first.life.state).toBe("ended");
  });

  it("takes spawned children in their place", async () => {
    const recorder = new Recorder();
    const root = new Supervisor("root", { actors: [new Puppet("a")], observer: recorder });
    root.spawn(new Puppet("early"));
    root.start();
    root.spawn(new Puppet("late"));
    recorder.clear();
    await root.stop();
    expect(recorder.lines).toEqual(["stopped late", "stopped early", "stopped a"]);
  });

  it("does not start a child whose restart falls due meanwhile", async () => {
    const [waiting, slow] = [new Puppet("waiting"), new Puppet("slow")];
    const root = new Supervisor("root", { actors: [waiting, slow] });
    root.start();
    waiting.life.crash();
    slow.life.hang();
    await pass(500);
    const stopped = root.stop();
    await pass(1_000);
    expect([waiting.lives.length, root.children[0]?.status]).toEqual([1, "waiting"]);
    slow.life.end();
    await stopped;
    expect([waiting.lives.length, root.children[0]?.status]).toEqual([1, "failed"]);
  });

  it("restarts nothing that crashes or ends meanwhile", async () => {
    const [crashing, ending, slow] = [new Puppet("c"), new Puppet("e"), new Puppet("s")];
    const root = new Supervisor("root", { actors: [crashing, ending, slow], policy: "permanent" });
    root.start();
    slow.life.hang();
    const stopped = root.stop();
    crashing.life.crash();
    ending.life.end();
    await pass(4_000);
    slow.life.end();
    await stopped;
    expect([crashing.lives.length, ending.lives.length]).toEqual([1, 1]);
    expect(root.children.map(({ status }) => status)).toEqual(["failed", "stopped", "stopped"]);
  });

  it("resolves for everybody who asked, and when all is over", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    worker.life.hang();
    const ended: string[] = [];
    const all = [
      root.stop().then(() => ended.push("first")),
      root.stop().then(() => ended.push("second")),
      root.wait().then(() => ended.push("wait")),
    ];
    await pass(1_000);
    expect(ended).toEqual([]);
    worker.life.end();
    await Promise.all(all);
    expect(ended.toSorted()).toEqual(["first", "second", "wait"]);
    await root.stop();
  });
});

describe("shutdownTimeout", () => {
  it("is 5 seconds: a child that outlasts it is left behind, and the shutdown goes on", async () => {
    const recorder = new Recorder();
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error, child: () => logger } as Logger;
    const [first, stubborn] = [new Puppet("first"), new Puppet("stubborn")];
    const root = new Supervisor("root", { actors: [first, stubborn], observer: recorder, logger });
    root.start();
    recorder.clear();
    stubborn.life.hang();
    const { children } = root;
    const stopped = root.stop();
    await pass(4_999);
    expect(recorder.lines).toEqual([]);
    await pass(1);
    await stopped;
    expect(recorder.lines).toEqual(["abandoned stubborn", "stopped first"]);
    expect(children.map(({ status }) => status)).toEqual(["stopped", "abandoned"]);
    expect(await children[1]?.done).toBeUndefined();
    expect(JSON.stringify(error.mock.calls)).toContain("stubborn");
  });

  it("is the supervisor's, or the child's own", async () => {
    const recorder = new Recorder();
    const [common, own] = [new Puppet("common"), new Puppet("own")];
    const root = new Supervisor("root", {
      actors: [common, { actor: own, shutdownTimeout: 100 }],
      shutdownTimeout: 1_000,
      observer: recorder,
    });
    root.start();
    for (const { life } of [common, own]) life.hang();
    recorder.clear();
    const stopped = root.stop();
    await pass(100);
    expect(recorder.lines).toEqual(["abandoned own"]);
    await pass(1_000);
    expect(recorder.lines).toEqual(["abandoned own", "abandoned common"]);
    await stopped;
  });

  it("may be Infinity: the shutdown waits", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], shutdownTimeout: Infinity });
    root.start();
    worker.life.hang();
    const stopped = root.stop();
    await pass(10_000_000);
    expect(root.children[0]?.status).toBe("stopping");
    worker.life.end();
    await stopped;
    expect(root.children[0]?.status).toBe("stopped");
  });

  it("may be 0: only what ends at once is not left behind", async () => {
    const [obedient, stubborn] = [new Puppet("obedient"), new Puppet("stubborn")];
    const root = new Supervisor("root", { actors: [obedient, stubborn], shutdownTimeout: 0 });
    root.start();
    stubborn.life.hang();
    const { children } = root;
    const stopped = root.stop();
    await pass(1);
    await stopped;
    expect(children.map(({ status }) => status)).toEqual(["stopped", "abandoned"]);
  });

  it("is none for a nested supervisor: it waits for its own children, each bounded", async () => {
    const recorder = new Recorder();
    const puppets = ["a", "b", "c"].map((name) => new Puppet(name));
    const branch = new Supervisor("branch", { actors: puppets, shutdownTimeout: 4_000 });
    const root = new Supervisor("root", {
      actors: [branch],
      shutdownTimeout: 1_000,
      observer: recorder,
    });
    root.start();
    for (const { life } of puppets) life.hang();
    recorder.clear();
    const stopped = root.stop();
    await pass(12_000);
    await stopped;
    expect(recorder.lines).toEqual(["abandoned c", "abandoned b", "abandoned a", "stopped branch"]);
  });

  it("holds for a nested supervisor that is given one", async () => {
    const recorder = new Recorder();
    const leaf = new Puppet("leaf");
    const branch = new Supervisor("branch", { actors: [leaf], shutdownTimeout: Infinity });
    const root = new Supervisor("root", {
      actors: [{ actor: branch, shutdownTimeout: 1_000 }],
      observer: recorder,
    });
    root.start();
    leaf.life.hang();
    recorder.clear();
    const stopped = root.stop();
    await pass(1_000);
    await stopped;
    expect(recorder.lines).toEqual(["abandoned branch"]);
    leaf.life.end();
    await pass();
  });

  it("bounds what follows fail: past it the life is left behind and the policy applies", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker", { script: (life) => life.hang() });
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    root.start();
    recorder.clear();
    worker.life.fail(new Error("boom"));
    await pass(5_000);
    expect(recorder.lines).toEqual(["abandoned worker", "restarting worker: boom"]);
    expect(root.children[0]?.lastError?.message).toBe("boom");
    await pass(1_000);
    expect(worker.lives.length).toBe(2);
    for (const life of worker.lives) life.end();
    await root.stop();
  });

  it("bounds what follows fail of a temporary child, and finish: it is left behind for good", async () => {
    const [failing, finishing] = ["failing", "finishing"].map(
      (name) => new Puppet(name, { script: (life) => life.hang() }),
    ) as [Puppet, Puppet];
    const root = new Supervisor("root", {
      actors: [{ actor: failing, policy: "temporary" }, finishing],
      policy: "permanent",
    });
    root.start();
    const { children } = root;
    failing.life.fail(new Error("boom"));
    finishing.life.finish();
    await pass(5_000);
    await root.wait();
    expect(children.map(({ status }) => status)).toEqual(["abandoned", "abandoned"]);
    expect((await children[0]?.done)?.message).toBe("boom");
    expect(await children[1]?.done).toBeUndefined();
  });

  it("bounds restart: past it the next life begins", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker", { script: (life) => life.hang() });
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    root.start();
    recorder.clear();
    const restarted = root.children[0]?.restart();
    await pass(5_000);
    await restarted;
    expect(recorder.lines).toEqual(["abandoned worker", "restarting worker", "started worker"]);
    const stopped = root.stop();
    await pass(5_000);
    await stopped;
  });

  it("begins with the stop, also for cleanups that come after", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker", {
      script: (life) => {
        life.hang();
        life.context.defer(() => new Promise(() => {}));
      },
    });
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    root.start();
    const stopped = root.stop();
    await pass(3_000);
    worker.life.end();
    await pass(1_999);
    expect(recorder.lines).not.toContain("abandoned worker");
    await pass(1);
    expect(recorder.lines).toContain("abandoned worker");
    await stopped;
  });

  it("leaves no timer when the child ends in time", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    await root.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
