import { getEventListeners } from "node:events";
import { type Actor, actor, Mailbox, RestartLimitError, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

function namesOf(root: Supervisor): string[] {
  return root.children.map(({ actor }) => actor.name);
}

/** Something to await that is no promise. */
class Later {
  readonly endings: (() => void)[];

  constructor(endings: (() => void)[]) {
    this.endings = endings;
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then(resolve: () => void): void {
    this.endings.push(resolve);
  }
}

describe("Supervisor", () => {
  describe("start", () => {
    it("returns at once, with the first lives begun in the order of the list", async () => {
      const begun: string[] = [];
      const actors = ["a", "b", "c"].map(
        (name) => new Puppet(name, { script: () => begun.push(name) }),
      );
      const root = new Supervisor("root", { actors });
      expect(root.start()).toBeUndefined();
      expect(begun).toEqual(["a", "b", "c"]);
      await root.stop();
    });

    it("throws while the supervisor is running, and while it is stopping", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      expect(() => root.start()).toThrow(/^Cannot start supervisor "root": it is already running$/);
      worker.life.hang();
      const stopped = root.stop();
      expect(() => root.start()).toThrow(/already running/);
      worker.life.end();
      await stopped;
      expect(worker.lives.length).toBe(1);
    });

    it("throws what it needs where the runtime is too old", () => {
      const own = Object.getOwnPropertyDescriptor(Promise, "withResolvers");
      onTestFinished(() => void Object.defineProperty(Promise, "withResolvers", own!));
      Reflect.deleteProperty(Promise, "withResolvers");
      const message = 'Cannot start supervisor "root": it needs Node 22.12 or newer';
      expect(() => new Supervisor("root").start()).toThrow(message);
    });

    it("does not let a failure surface as an unhandled rejection", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      const onUnhandled = vi.fn();
      process.on("unhandledRejection", onUnhandled);
      root.start();
      worker.life.crash();
      await root.wait();
      vi.useRealTimers();
      await new Promise((resolve) => setTimeout(resolve, 1));
      vi.useFakeTimers();
      process.off("unhandledRejection", onUnhandled);
      expect(onUnhandled).not.toHaveBeenCalled();
    });

    it("starts none when one of the actors is supervised elsewhere, and can be tried again", async () => {
      const [free, taken] = [new Puppet("free"), new Puppet("taken")];
      const other = new Supervisor("other", { actors: [taken] });
      const root = new Supervisor("root", { actors: [free, taken] });
      other.start();
      expect(() => root.start()).toThrow(
        'Cannot supervise "taken" by "root": the same object is supervised by "other" already',
      );
      expect([free.lives.length, taken.lives.length]).toEqual([0, 1]);
      await other.stop();
      root.start();
      expect([free.lives.length, taken.lives.length]).toEqual([1, 2]);
      await root.stop();
    });
  });

  describe("run", () => {
    it("resolves when the supervisor has ended", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      const onEnd = vi.fn();
      void root.run().then(onEnd);
      await pass(10_000);
      expect(onEnd).not.toHaveBeenCalled();
      worker.life.end();
      await pass();
      expect(onEnd).toHaveBeenCalledOnce();
    });

    it("resolves after a stop, also by its signal", async () => {
      const root = new Supervisor("root", { actors: [new Puppet("worker")] });
      const first = root.run();
      await root.stop();
      await expect(first).resolves.toBeUndefined();
      const stopping = new AbortController();
      const second = root.run({ signal: stopping.signal });
      stopping.abort(new Error("any reason"));
      await expect(second).resolves.toBeUndefined();
    });

    it("rejects when a restart limit was crossed", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      const ended = root.run();
      worker.life.crash();
      await expect(ended).rejects.toBeInstanceOf(RestartLimitError);
    });

    it("rejects while the supervisor is running, and leaves it so", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      await expect(root.run()).rejects.toThrow(/already running/);
      expect([worker.lives.length, worker.isRunning]).toEqual([1, true]);
      await root.stop();
    });

    it("does for a supervisor that is nobody's child what start does", async () => {
      const recorder = new Recorder();
      const root = new Supervisor("root", { actors: [new Puppet("worker")], observer: recorder });
      const ended = root.run();
      expect(recorder.lines).toEqual(["registered worker", "started worker"]);
      await root.stop();
      await ended;
    });
  });

  describe("its signal", () => {
    it("stops the supervisor in order when it aborts", async () => {
      const recorder = new Recorder();
      const actors = ["a", "b"].map((name) => new Puppet(name));
      const root = new Supervisor("root", { actors, observer: recorder });
      const stopping = new AbortController();
      root.start({ signal: stopping.signal });
      recorder.clear();
      stopping.abort();
      await root.wait();
      expect(recorder.lines).toEqual(["stopped b", "stopped a"]);
      expect(root.snapshot().status).toBe("stopped");
    });

    it("that is none refuses the start, and leaves the actors free", async () => {
      const puppet = new Puppet("free");
      const root = new Supervisor("root", { actors: [puppet] });
      expect(() => root.start({ signal: {} as AbortSignal })).toThrow(TypeError);
      root.start();
      expect(puppet.lives.length).toBe(1);
      await root.stop();
    });

    it("starts nothing when it is aborted already", async () => {
      const recorder = new Recorder();
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker], observer: recorder });
      const signal = AbortSignal.abort();
      root.start({ signal });
      await root.wait();
      expect(recorder.lines).toEqual(["registered worker"]);
      expect(root.children.map(({ status }) => status)).toEqual(["stopped"]);
      await root.run({ signal });
      root.start();
      expect(worker.lives.length).toBe(1);
      await root.stop();
    });

    it("has no listener left when the supervisor has ended, however often it ran", async () => {
      const { signal } = new AbortController();
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      const limited = new Supervisor("limited", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      for (let run = 0; run < 20; run++) {
        root.start({ signal });
        expect(getEventListeners(signal, "abort").length).toBe(1);
        if (run % 2 === 0) worker.life.end();
        await (run % 2 === 0 ? root.wait() : root.stop());
        limited.start({ signal });
        worker.life.crash();
        await limited.wait();
      }
      await pass();
      expect(getEventListeners(signal, "abort").length).toBe(0);
    });

    it("has one listener, however many children restart however often", async () => {
      const { signal } = new AbortController();
      const actors = Array.from({ length: 20 }, (_, index) => new Puppet(`worker ${index}`));
      const root = new Supervisor("root", { actors, restartDelay: 0 });
      root.start({ signal });
      for (let round = 0; round < 10; round++) {
        for (const { life } of actors) life.crash();
        await pass(1);
      }
      expect(getEventListeners(signal, "abort").length).toBe(1);
      await root.stop();
    });
  });

  describe("stop", () => {
    it("ends a supervisor that was never started, and frees what was spawned", async () => {
      const [listed, spawned] = [new Puppet("listed"), new Puppet("spawned")];
      const root = new Supervisor("root", { actors: [listed] });
      const child = root.spawn(spawned);
      await root.stop();
      expect([child.status, root.snapshot().status]).toEqual(["stopped", "stopped"]);
      const other = new Supervisor("other", { actors: [listed, spawned] });
      other.start();
      expect([listed.isRunning, spawned.isRunning]).toEqual([true, true]);
      await other.stop();
    });

    it("is what await using does", async () => {
      const worker = new Puppet("worker");
      {
        await using root = new Supervisor("root", { actors: [worker] });
        root.start();
        expect(worker.isRunning).toBe(true);
      }
      expect(worker.isRunning).toBe(false);
    });

    it("does not reject when the supervisor fails meanwhile, or has failed", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      root.start();
      worker.life.crash();
      await pass();
      await root.stop();
      expect(root.snapshot().status).toBe("failed");
    });
  });

  describe("wait", () => {
    it("resolves at once when the supervisor is not running", async () => {
      const root = new Supervisor("root");
      await expect(root.wait()).resolves.toBeUndefined();
      root.start();
      await root.stop();
      await expect(root.wait()).resolves.toBeUndefined();
    });

    it("never rejects", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      root.start();
      const waits = [root.wait(), root.wait()];
      worker.life.crash();
      expect(await Promise.all(waits)).toEqual([undefined, undefined]);
    });
  });

  describe("spawn", () => {
    it("before the start lists an actor that is started with the supervisor", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [new Puppet("listed")] });
      const child = root.spawn(worker);
      expect([child.status, worker.lives.length, namesOf(root)]).toEqual([
        "starting",
        0,
        ["listed", "worker"],
      ]);
      root.start();
      expect([child.status, worker.lives.length]).toEqual(["running", 1]);
      await root.stop();
    });

    it("while running starts an actor at once", async () => {
      const recorder = new Recorder();
      const root = new Supervisor("root", { observer: recorder });
      root.start();
      const worker = new Puppet("worker");
      expect(root.spawn(worker).status).toBe("running");
      expect(recorder.lines).toEqual(["registered worker", "started worker"]);
      await root.stop();
    });

    it("within an actor's run, a handler or a callback starts an actor at once", async () => {
      const spawned: string[] = [];
      const root: Supervisor = new Supervisor("root", {
        actors: [
          { name: "parent", run: () => void spawned.push(root.spawn(new Puppet("child")).status) },
        ],
      });
      root.start();
      // The start had not come to its end.
      expect([spawned, namesOf(root)]).toEqual([["starting"], ["parent", "child"]]);
      expect(root.children[1]?.status).toBe("running");
      await root.stop();
    });

    it("takes the options of the child", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { restartDelay: 1_000 });
      root.start();
      root.spawn(worker, { policy: "permanent", restartDelay: 10 });
      worker.life.end();
      await pass(10);
      expect(worker.lives.length).toBe(2);
      await root.stop();
    });

    it("refuses options that make no sense, and leaves no trace", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root");
      expect(() => root.spawn(worker, { policy: "always" as never })).toThrow(
        /^Cannot spawn.*"worker".*`policy` must be one of permanent, transient, temporary, got "always"/,
      );
      expect(() => root.spawn(worker, { restartDelay: -1 })).toThrow(RangeError);
      expect(() => root.spawn(undefined as never)).toThrow(TypeError);
      expect(() => root.spawn({ name: "", run() {} })).toThrow(RangeError);
      expect(root.children).toEqual([]);
      expect(root.spawn(worker).status).toBe("starting");
      await root.stop();
    });

    it("throws once the supervisor was stopped, until it is started again", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      worker.life.hang();
      const stopped = root.stop();
      const late = new Puppet("late");
      const message =
        /^Cannot spawn "late": supervisor "root" has been stopped, or has ended with its actors$/;
      expect(() => root.spawn(late)).toThrow(message);
      worker.life.end();
      await stopped;
      expect(() => root.spawn(late)).toThrow(message);
      root.start();
      expect(root.spawn(late).status).toBe("running");
      await root.stop();
    });

    it("throws for an actor that is supervised, here, elsewhere, waiting or not yet started", async () => {
      const [here, there, waiting] = [new Puppet("here"), new Puppet("there"), new Puppet("w")];
      const root = new Supervisor("root");
      const other = new Supervisor("other");
      root.start();
      root.spawn(here);
      other.spawn(there);
      root.spawn(waiting);
      waiting.life.crash();
      await pass(10);
      for (const each of [here, there, waiting]) {
        expect(() => root.spawn(each)).toThrow(/the same object is supervised by/);
      }
      expect([here.lives.length, there.lives.length, waiting.lives.length]).toEqual([1, 0, 1]);
      expect(namesOf(root)).toEqual(["here", "w"]);
      await root.stop();
      await other.stop();
    });

    it("takes an actor again that has stopped for good", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root");
      root.start();
      for (let round = 1; round <= 3; round++) {
        const child = root.spawn(worker, { policy: "temporary" });
        worker.life.crash();
        await child.done;
        expect(worker.lives.length).toBe(round);
      }
      await root.stop();
    });

    it("refuses a supervisor that is the same, or above", async () => {
      const inner = new Supervisor("inner");
      const outer = new Supervisor("outer", { actors: [inner] });
      const root = new Supervisor("root", { actors: [outer] });
      expect(() => inner.spawn(inner)).toThrow(
        'Cannot supervise "inner" by "inner": it is the same or above it',
      );
      root.start();
      expect(() => inner.spawn(root)).toThrow(/"root" by "inner": it is the same or above/);
      expect(() => inner.spawn(outer)).toThrow(/already/);
      expect(() => root.spawn(inner)).toThrow(/already/);
      await root.stop();
      expect(root.snapshot().status).toBe("stopped");
    });

    it("refuses to start a circle of supervisors that were put into each other before", () => {
      const first = new Supervisor("first");
      const second = new Supervisor("second", { actors: [first] });
      first.spawn(second);
      expect(() => second.start()).toThrow(/"first" by "second": it is the same or above it/);
      expect(first.children[0]?.status).toBe("starting");
    });
  });

  describe("children", () => {
    it("may have one name, and are told apart by their ids", async () => {
      const workers = [new Puppet("worker"), new Puppet("worker")] as const;
      const root = new Supervisor("root", { actors: workers, restartDelay: 10 });
      root.start();
      const [first, second] = root.children;
      workers[1].life.crash();
      await pass(10);
      expect([first?.restarts, second?.restarts]).toEqual([0, 1]);
      const { children } = root.snapshot();
      expect(children?.map(({ id, name }) => [id, name])).toEqual([
        [first?.id, "worker"],
        [second?.id, "worker"],
      ]);
      expect(first?.id).not.toBe(second?.id);
      await root.stop();
    });

    it("keeps those of the options when they stopped, and drops spawned ones", async () => {
      const [a, b] = [new Puppet("a"), new Puppet("b")];
      const root = new Supervisor("root", { actors: [a, b] });
      root.start();
      const late = new Puppet("late");
      const child = root.spawn(late);
      expect(namesOf(root)).toEqual(["a", "b", "late"]);
      a.life.end();
      late.life.end();
      await child.done;
      expect(namesOf(root)).toEqual(["a", "b"]);
      expect(root.children.map(({ status }) => status)).toEqual(["stopped", "running"]);
      await root.stop();
      expect(namesOf(root)).toEqual(["a", "b"]);
    });

    it("keeps a spawned one while it waits for a restart", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root");
      root.start();
      root.spawn(worker);
      worker.life.crash();
      await pass(10);
      expect(root.children.map(({ status }) => status)).toEqual(["waiting"]);
      await root.stop();
      expect(root.children).toEqual([]);
    });

    it("drops each of many that come and go, and keeps their order", async () => {
      const root = new Supervisor("root");
      root.start();
      const puppets = Array.from({ length: 9 }, (_, index) => new Puppet(`${index}`));
      const children = puppets.map((puppet) => root.spawn(puppet));
      for (const index of [4, 0, 8, 3]) await children[index]?.stop();
      expect(namesOf(root).join("")).toBe("12567");
      await root.stop();
      expect(root.children).toEqual([]);
    });

    it("is a copy: what is done to it changes nothing", async () => {
      const root = new Supervisor("root", { actors: [new Puppet("a")] });
      (root.children as unknown[]).length = 0;
      expect(namesOf(root)).toEqual(["a"]);
    });
  });

  describe("started again after it ended", () => {
    it("begins with fresh children, counters, and without what was spawned", async () => {
      const [a, late] = [new Puppet("a"), new Puppet("late")];
      const root = new Supervisor("root", { actors: [a], policy: "permanent" });
      root.start();
      const [before] = root.children;
      root.spawn(late);
      a.life.crash(new Error("boom"));
      await pass(1_000);
      await root.stop();
      root.start();
      const [after, ...more] = root.children;
      expect(more).toEqual([]);
      expect(after).not.toBe(before);
      expect(after).toMatchObject({ restarts: 0, lastError: undefined, status: "running" });
      expect([a.life.context.restarts, late.lives.length]).toEqual([0, 1]);
      expect([before?.status, before?.restarts]).toEqual(["stopped", 1]);
      await root.stop();
    });

    it("begins the backoff anew", async () => {
      const recorder = new Recorder();
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartDelay: { initial: 100 },
        observer: recorder,
      });
      for (let run = 0; run < 2; run++) {
        root.start();
        worker.life.crash();
        await pass(100);
        worker.life.crash();
        await pass();
        await root.stop();
      }
      const delays = recorder.events.map((event) => "delay" in event && event.delay);
      expect(delays.filter(Boolean)).toEqual([100, 200, 100, 200]);
    });

    it("also after it failed", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        restartLimit: { maxRestarts: 0, window: 1 },
      });
      root.start();
      worker.life.crash();
      await root.wait();
      root.start();
      expect([root.snapshot().status, root.snapshot().lastError]).toEqual(["running", undefined]);
      expect(worker.lives.length).toBe(2);
      await root.stop();
      expect(root.snapshot().status).toBe("stopped");
    });

    it("takes messages again", async () => {
      const server = actor("server", () => ({ ping: () => "pong" }));
      const root = new Supervisor("root", { actors: [server] });
      for (let run = 0; run < 3; run++) {
        root.start();
        await expect(server.call("ping")).resolves.toBe("pong");
        await root.stop();
        await expect(server.call("ping")).rejects.toMatchObject({ code: "ACTOR_STOPPED" });
      }
    });

    it("starts an actor though an earlier life of it was left behind", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      worker.life.hang();
      const stopped = root.stop();
      await pass(5_000);
      await stopped;
      root.start();
      expect(worker.lives.length).toBe(2);
      await root.stop();
      worker.lives[0]?.end();
    });
  });

  it("supervises any object with a name and a run, and its mailbox", async () => {
    const mailbox = new Mailbox<{ ping(): string }>();
    const plain: Actor = {
      name: "plain",
      mailbox,
      async run({ signal }) {
        for await (const message of mailbox.receive({ signal })) message.reply("pong");
      },
    };
    const root = new Supervisor("root", { actors: [Object.freeze(plain)] });
    root.start();
    await expect(mailbox.call("ping")).resolves.toBe("pong");
    await root.stop();
    await expect(mailbox.call("ping")).rejects.toMatchObject({ code: "ACTOR_STOPPED" });
  });

  it("takes a thenable of any kind for a run", async () => {
    const endings: (() => void)[] = [];
    const thenable: Actor = {
      name: "thenable",
      run: () => new Later(endings) as unknown as Promise<void>,
    };
    const root = new Supervisor("root", { actors: [thenable] });
    root.start();
    await pass();
    expect(root.children[0]?.status).toBe("running");
    endings[0]?.();
    await root.wait();
    expect(root.children[0]?.status).toBe("stopped");
  });
});
