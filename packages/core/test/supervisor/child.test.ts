import { actor, ActorStoppedError, type Child, Supervisor } from "@sup/core";
import { Puppet, type PuppetLife, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface Stage {
  readonly root: Supervisor;
  readonly worker: Puppet;
  readonly child: Child;
  readonly recorder: Recorder;
}

function stageOf(script?: (life: PuppetLife) => void): Stage {
  const recorder = new Recorder();
  const worker = new Puppet("worker", { script });
  const root = new Supervisor("root", {
    actors: [worker],
    autoShutdown: "never",
    observer: recorder,
  });
  const [child] = root.children as [Child];
  return { root, worker, child, recorder };
}

describe("Child", () => {
  it("tells who it is", async () => {
    const { root, worker, child } = stageOf();
    expect(child.actor).toBe(worker);
    expect(child).toMatchObject({
      status: "starting",
      restarts: 0,
      startedAt: undefined,
      lastError: undefined,
    });
    const other = root.spawn(new Puppet("other"));
    expect(other.id).toBeGreaterThan(child.id);
    await root.stop();
  });

  it("goes from starting over running and ready to waiting, and again, then stopping and stopped", async () => {
    const { root, worker, child } = stageOf();
    const statuses = [child.status];
    const note = (): unknown => statuses.push(child.status);
    root.start();
    note();
    worker.life.ready();
    note();
    worker.life.crash(new Error("boom"));
    await pass();
    note();
    await pass(1_000);
    note();
    worker.life.hang();
    const stopped = child.stop();
    note();
    worker.life.end();
    await stopped;
    note();
    expect(statuses).toEqual([
      "starting",
      "running",
      "ready",
      "waiting",
      "running",
      "stopping",
      "stopped",
    ]);
    await root.stop();
  });

  it("is stopping while a life that fails or finishes has not ended", async () => {
    const { root, worker, child } = stageOf((life) => life.hang());
    root.start();
    worker.life.fail(new Error("boom"));
    expect(child.status).toBe("stopping");
    worker.life.end();
    await pass();
    expect(child.status).toBe("waiting");
    await pass(1_000);
    worker.life.finish();
    expect(child.status).toBe("stopping");
    worker.life.end();
    await pass();
    expect(child.status).toBe("stopped");
    await root.stop();
  });

  it("counts restarts that took place, and keeps the last error over them", async () => {
    const { root, worker, child } = stageOf();
    root.start();
    worker.life.crash(new Error("first"));
    await pass();
    expect([child.restarts, child.lastError?.message]).toEqual([0, "first"]);
    await pass(1_000);
    expect([child.restarts, child.lastError?.message]).toEqual([1, "first"]);
    worker.life.crash(new Error("second"));
    await pass(1_000);
    await child.restart();
    expect([child.restarts, child.lastError?.message]).toEqual([3, "second"]);
    worker.life.crash(new Error("third"));
    await pass(500);
    await child.stop();
    expect([child.restarts, worker.lives.length]).toEqual([3, 4]);
    await root.stop();
  });

  it("tells when its present or last life began", async () => {
    const { root, worker, child } = stageOf();
    vi.setSystemTime(10_000);
    root.start();
    expect(child.startedAt).toBe(10_000);
    await pass(500);
    worker.life.crash();
    await pass(1_000);
    expect(child.startedAt).toBe(11_500);
    await root.stop();
    await pass(500);
    expect(child.startedAt).toBe(11_500);
  });

  describe("done", () => {
    const ends: [how: string, end: (stage: Stage) => unknown, outcome: string | undefined][] = [
      ["a clean end", ({ worker }) => worker.life.end(), undefined],
      ["finish", ({ worker }) => worker.life.finish(), undefined],
      ["child.stop", ({ child }) => child.stop(), undefined],
      ["the supervisor's stop", ({ root }) => root.stop(), undefined],
    ];

    it.each(ends)("resolves after %s", async (_, end, outcome) => {
      const stage = stageOf();
      stage.root.start();
      const { done } = stage.child;
      void end(stage);
      expect(await done).toBe(outcome);
      expect(await stage.child.done).toBe(outcome);
      await stage.root.stop();
    });

    it("resolves to the error of the last life when that crashed", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { policy: "temporary" });
      root.start();
      const child = root.spawn(worker);
      worker.life.crash(new Error("boom"));
      expect(await child.done).toEqual(new Error("boom"));
      expect(child.status).toBe("failed");
      await root.stop();
    });

    it("resolves to nothing when only an earlier life crashed", async () => {
      const { root, worker, child } = stageOf();
      root.start();
      worker.life.crash(new Error("boom"));
      await pass(1_000);
      worker.life.end();
      expect(await child.done).toBeUndefined();
      expect([child.status, child.lastError?.message]).toEqual(["stopped", "boom"]);
      await root.stop();
    });

    it("does not resolve while a restart is due", async () => {
      const { root, worker, child } = stageOf();
      root.start();
      const onDone = vi.fn();
      void child.done.then(onDone);
      for (let crash = 0; crash < 3; crash++) {
        worker.life.crash();
        await pass(1_000);
      }
      expect(onDone).not.toHaveBeenCalled();
      await root.stop();
      expect(onDone).toHaveBeenCalledOnce();
    });

    it("resolves for a child that never had a life", async () => {
      const { root, child } = stageOf();
      const spawned = root.spawn(new Puppet("spawned"));
      await root.stop();
      expect(await Promise.all([child.done, spawned.done])).toEqual([undefined, undefined]);
      expect([child.status, spawned.status]).toEqual(["stopped", "stopped"]);
    });
  });

  describe("stop", () => {
    it("stops a child for good, whatever its policy, and leaves its siblings alone", async () => {
      const [a, b] = [new Puppet("a"), new Puppet("b")];
      const root = new Supervisor("root", { actors: [a, b], policy: "permanent" });
      root.start();
      const [child] = root.children;
      await child?.stop();
      await pass(10_000);
      expect([a.lives.length, a.isRunning, b.isRunning]).toEqual([1, false, true]);
      await root.stop();
    });

    it("resolves when the life has ended, and again when asked again", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      const onStopped = vi.fn();
      void child.stop().then(onStopped);
      await pass(1_000);
      expect(onStopped).not.toHaveBeenCalled();
      worker.life.end();
      await pass();
      expect(onStopped).toHaveBeenCalledOnce();
      await child.stop();
      await root.stop();
    });

    it("ends a delay at once", async () => {
      const { root, worker, child, recorder } = stageOf();
      root.start();
      worker.life.crash(new Error("boom"));
      await pass(10);
      await child.stop();
      expect(vi.getTimerCount()).toBe(0);
      expect([child.status, recorder.lines.at(-1)]).toEqual(["failed", "restarting worker: boom"]);
      expect(await child.done).toEqual(new Error("boom"));
      await root.stop();
    });

    it("before the start keeps a listed child from being started, until the supervisor runs anew", async () => {
      const [a, b] = [new Puppet("a"), new Puppet("b")];
      const root = new Supervisor("root", { actors: [a, b] });
      await root.children[0]?.stop();
      root.start();
      expect([a.isRunning, b.isRunning]).toEqual([false, true]);
      expect(root.children.map(({ status }) => status)).toEqual(["stopped", "running"]);
      b.life.end();
      await root.wait();
      root.start();
      expect([a.isRunning, b.isRunning]).toEqual([true, true]);
      await root.stop();
    });

    it("before the start takes a spawned child off the list, and frees its actor", async () => {
      const root = new Supervisor("root");
      const worker = new Puppet("worker");
      await root.spawn(worker).stop();
      expect(root.children).toEqual([]);
      const again = root.spawn(worker);
      root.start();
      expect([again.status, worker.isRunning]).toEqual(["running", true]);
      await root.stop();
    });

    it("is not taken back by a restart", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      const stopped = child.stop();
      const restarted = child.restart();
      worker.life.end();
      await stopped;
      await expect(restarted).rejects.toBeInstanceOf(ActorStoppedError);
      expect([worker.lives.length, child.status]).toEqual([1, "stopped"]);
      await root.stop();
    });

    it("wins over a restart that is under way", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      const restarted = child.restart();
      const stopped = child.stop();
      worker.life.end();
      await stopped;
      await expect(restarted).rejects.toBeInstanceOf(ActorStoppedError);
      expect(worker.lives.length).toBe(1);
      await root.stop();
    });
  });

  describe("restart", () => {
    it("ends the present life and begins a new one at once", async () => {
      const { root, worker, child, recorder } = stageOf();
      root.start();
      recorder.clear();
      await child.restart();
      expect(recorder.lines).toEqual(["stopped worker", "restarting worker", "started worker"]);
      expect(recorder.events[1]).toEqual({
        type: "restarting",
        actor: "worker",
        restartCount: 1,
        delay: 0,
      });
      expect([worker.lives.length, worker.life.context.restarts]).toEqual([2, 1]);
      await root.stop();
    });

    it("does so whatever the policy", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker], policy: "temporary" });
      root.start();
      await root.children[0]?.restart();
      expect(worker.lives.length).toBe(2);
      await root.stop();
    });

    it("waits for the present life, cleanups included", async () => {
      const { root, worker, child } = stageOf((life) => {
        life.context.defer(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
      });
      root.start();
      const restarted = child.restart();
      await pass(999);
      expect(worker.lives.length).toBe(1);
      await pass(1);
      await restarted;
      expect(worker.lives.length).toBe(2);
      const stopped = root.stop();
      await pass(1_000);
      await stopped;
    });

    it("begins one life when it is asked twice", async () => {
      const { root, worker, child } = stageOf();
      root.start();
      await Promise.all([child.restart(), child.restart()]);
      await pass(10_000);
      expect(worker.lives.length).toBe(2);
      await root.stop();
    });

    it("ends a delay at once, and no second life comes when that would have been due", async () => {
      const { root, worker, child } = stageOf();
      root.start();
      worker.life.crash();
      await pass(500);
      await child.restart();
      expect([worker.lives.length, child.status]).toEqual([2, "running"]);
      await pass(10_000);
      expect([worker.lives.length, child.restarts]).toEqual([2, 1]);
      await root.stop();
    });

    it("takes the place of the delay when the life is crashing", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      worker.life.fail(new Error("boom"));
      const restarted = child.restart();
      worker.life.end();
      await restarted;
      expect([worker.lives.length, child.lastError?.message]).toEqual([2, "boom"]);
      await pass(10_000);
      expect(worker.lives.length).toBe(2);
      const stopped = root.stop();
      worker.life.end();
      await stopped;
    });

    it("changes nothing for a child whose turn to start has not come", async () => {
      const { root, worker, child } = stageOf();
      await child.restart();
      expect([worker.lives.length, child.status]).toEqual([0, "starting"]);
      root.start();
      expect(worker.lives.length).toBe(1);
      await root.stop();
    });

    it.each([
      ["ended", (life: PuppetLife) => life.end(), "stopped"],
      ["finished", (life: PuppetLife) => life.finish(), "stopped"],
    ])("rejects for a child that has %s for good", async (_, end, status) => {
      const { root, worker, child } = stageOf();
      root.start();
      end(worker.life);
      await child.done;
      await expect(child.restart()).rejects.toMatchObject({
        name: "ActorStoppedError",
        code: "ACTOR_STOPPED",
      });
      expect([child.status, worker.lives.length]).toEqual([status, 1]);
      await root.stop();
    });

    it("rejects for a child that failed for good, with the crash as the cause", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { policy: "temporary" });
      root.start();
      const child = root.spawn(worker);
      worker.life.crash(new Error("boom"));
      await child.done;
      await expect(child.restart()).rejects.toMatchObject({ cause: new Error("boom") });
      await root.stop();
    });

    it("rejects when the life finishes on its way out", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      worker.life.finish();
      const restarted = child.restart();
      worker.life.end();
      await expect(restarted).rejects.toBeInstanceOf(ActorStoppedError);
      await root.stop();
    });

    it("rejects when the supervisor stops, or is stopping, and begins no life", async () => {
      const { root, worker, child } = stageOf((life) => life.hang());
      root.start();
      const asked = child.restart();
      const stopped = root.stop();
      const late = child.restart();
      worker.life.end();
      await stopped;
      await expect(asked).rejects.toBeInstanceOf(ActorStoppedError);
      await expect(late).rejects.toBeInstanceOf(ActorStoppedError);
      expect(worker.lives.length).toBe(1);
    });

    it("rejects for one that waits while the supervisor is stopping, and begins no life", async () => {
      const [waiting, slow] = [new Puppet("waiting"), new Puppet("slow")];
      const root = new Supervisor("root", { actors: [waiting, slow] });
      root.start();
      waiting.life.crash(new Error("boom"));
      slow.life.hang();
      await pass(10);
      const stopped = root.stop();
      await expect(root.children[0]?.restart()).rejects.toBeInstanceOf(ActorStoppedError);
      slow.life.end();
      await stopped;
      expect(waiting.lives.length).toBe(1);
    });

    it("starts a nested supervisor anew, without what was spawned there", async () => {
      const [listed, spawned] = [new Puppet("listed"), new Puppet("spawned")];
      const branch = new Supervisor("branch", { actors: [listed] });
      const root = new Supervisor("root", { actors: [branch] });
      root.start();
      branch.spawn(spawned);
      await root.children[0]?.restart();
      expect([listed.lives.length, spawned.lives.length]).toEqual([2, 1]);
      expect(branch.children.map((child) => child.actor.name)).toEqual(["listed"]);
      await root.stop();
    });
  });

  it("keeps the queued messages of an actor over its crash, in order, and not the one in hand", async () => {
    const handled: string[] = [];
    let lives = 0;
    const server = actor("server", () => {
      const life = ++lives;
      return {
        work(number: number) {
          handled.push(`${life}:${number}`);
          if (number === 1) throw new Error("poison");
        },
      };
    });
    const root = new Supervisor("root", { actors: [server] });
    root.start();
    for (const number of [0, 1, 2, 3]) server.cast("work", number);
    await pass();
    expect([handled, server.mailbox.length]).toEqual([["1:0", "1:1"], 2]);
    await pass(1_000);
    expect(handled).toEqual(["1:0", "1:1", "2:2", "2:3"]);
    await root.stop();
  });
});
