import { type ActorContext, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("ActorContext", () => {
  it("is a fresh one in each life", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    const first = worker.life.context;
    worker.life.crash();
    await pass(1_000);
    const second = worker.life.context;
    expect(second).not.toBe(first);
    expect(second.signal).not.toBe(first.signal);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
    expect([first.restarts, second.restarts]).toEqual([0, 1]);
    await root.stop();
  });

  it("has members that work when they are taken out of it", async () => {
    const recorder = new Recorder();
    const story: string[] = [];
    const actor = {
      name: "taken",
      async run({ signal, restarts, ready, fail, finish, defer }: ActorContext) {
        defer(() => story.push("cleaned up"));
        ready();
        if (restarts === 0) fail(new Error("boom"));
        else finish();
        story.push(`aborted: ${signal.aborted}`);
      },
    };
    const root = new Supervisor("root", { actors: [actor], observer: recorder });
    root.start();
    await pass(1_000);
    await root.wait();
    expect(recorder.lines).toEqual([
      "registered taken",
      "started taken",
      "ready taken",
      "stopped taken: boom",
      "restarting taken: boom",
      "started taken",
      "ready taken",
      "stopped taken",
    ]);
    expect(story).toEqual(["aborted: true", "cleaned up", "aborted: true", "cleaned up"]);
  });

  describe("signal", () => {
    it("is the same object whenever it is read", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      expect(worker.life.context.signal).toBe(worker.life.context.signal);
      await root.stop();
    });

    it("is aborted with an AbortError that names the actor", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      await root.stop();
      const { aborted, reason } = worker.life.context.signal;
      expect(aborted).toBe(true);
      expect((reason as Error).name).toBe("AbortError");
      expect((reason as Error).message).toContain('"worker"');
    });

    it("is aborted already when it is first read after the stop", async () => {
      let context: ActorContext | undefined;
      let end = (): void => {};
      const actor = {
        name: "late",
        run: (given: ActorContext) => {
          context = given;
          return new Promise<void>((resolve) => (end = resolve));
        },
      };
      const root = new Supervisor("root", { actors: [actor] });
      root.start();
      const stopped = root.stop();
      expect(context?.signal.aborted).toBe(true);
      end();
      await stopped;
    });

    it("is aborted when run has ended, so that what hangs on it ends too", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker], policy: "temporary" });
      root.start();
      const onAbort = vi.fn();
      worker.life.context.signal.addEventListener("abort", onAbort);
      worker.life.end();
      await root.wait();
      expect(onAbort).toHaveBeenCalledOnce();
    });

    it("is aborted by fail and by finish before run has ended", async () => {
      const [failing, finishing] = [new Puppet("failing"), new Puppet("finishing")];
      const root = new Supervisor("root", { actors: [failing, finishing] });
      root.start();
      failing.life.fail();
      finishing.life.finish();
      expect(failing.life.context.signal.aborted).toBe(true);
      expect(finishing.life.context.signal.aborted).toBe(true);
      await root.stop();
    });
  });

  describe("ready", () => {
    it("counts once in a life, and again in the next", async () => {
      const recorder = new Recorder();
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker], observer: recorder });
      root.start();
      worker.life.ready();
      worker.life.ready();
      worker.life.crash();
      await pass(1_000);
      worker.life.ready();
      await root.stop();
      expect(recorder.lines.filter((line) => line === "ready worker").length).toBe(2);
    });

    it("changes nothing after the life was told to end", async () => {
      const recorder = new Recorder();
      const worker = new Puppet("worker", { script: (life) => life.hang() });
      const root = new Supervisor("root", { actors: [worker], observer: recorder });
      root.start();
      const stopped = root.stop();
      worker.life.ready();
      expect(root.children[0]?.status).toBe("stopping");
      worker.life.end();
      await stopped;
      worker.life.ready();
      expect(recorder.lines).not.toContain("ready worker");
      expect(root.children[0]?.status).toBe("stopped");
    });
  });

  describe("fail and finish", () => {
    it("change nothing in a life that has ended", async () => {
      const worker = new Puppet("worker");
      const root = new Supervisor("root", { actors: [worker], policy: "permanent" });
      root.start();
      const old = worker.life;
      old.end();
      await pass(1_000);
      old.fail(new Error("late"));
      old.finish();
      await pass(5_000);
      expect(worker.lives.length).toBe(2);
      expect(root.children[0]?.lastError).toBeUndefined();
      await root.stop();
    });

    it("let the first one count", async () => {
      const [failing, finishing] = [new Puppet("failing"), new Puppet("finishing")];
      const root = new Supervisor("root", { actors: [failing, finishing], autoShutdown: "never" });
      root.start();
      failing.life.hang();
      failing.life.fail(new Error("boom"));
      failing.life.finish();
      failing.life.end();
      finishing.life.hang();
      finishing.life.finish();
      finishing.life.fail(new Error("boom"));
      finishing.life.end();
      await pass(1_000);
      expect([failing.lives.length, finishing.lives.length]).toEqual([2, 1]);
      expect(root.children.map(({ status }) => status)).toEqual(["running", "stopped"]);
      await root.stop();
    });

    it("end a life that a stop is already ending as the stop would", async () => {
      const worker = new Puppet("worker", { script: (life) => life.hang() });
      const root = new Supervisor("root", { actors: [worker], policy: "permanent" });
      root.start();
      const stopped = root.stop();
      worker.life.fail(new Error("the connection was closed"));
      worker.life.end();
      await stopped;
      expect(root.children[0]?.status).toBe("stopped");
    });
  });

  describe("defer", () => {
    const ways = {
      "run resolves": (life: Puppet["life"]) => life.end(),
      "run rejects": (life: Puppet["life"]) => life.crash(),
      "it fails": (life: Puppet["life"]) => life.fail(),
      "it finishes": (life: Puppet["life"]) => life.finish(),
    };

    it.each(Object.entries(ways))("runs cleanups last in first out when %s", async (_, end) => {
      const story: string[] = [];
      const worker = new Puppet("worker", {
        script: ({ context: { defer } }) => {
          defer(() => story.push("first"));
          defer(async () => {
            await Promise.resolve();
            story.push("second");
          });
          defer(() => story.push("third"));
        },
      });
      const root = new Supervisor("root", { actors: [worker], policy: "temporary" });
      root.start();
      end(worker.life);
      await root.wait();
      expect(story).toEqual(["third", "second", "first"]);
    });

    it("runs cleanups when run throws at once, and when it returns nothing", async () => {
      const story: string[] = [];
      const throwing = new Puppet("throwing", {
        script: ({ context: { defer } }) => {
          defer(() => story.push("throwing"));
          throw new Error("boom");
        },
      });
      const quick = {
        name: "quick",
        run: ({ defer }: ActorContext) => defer(() => story.push("quick")),
      };
      const actors = [throwing, quick];
      const root = new Supervisor("root", { actors, policy: "temporary" });
      root.start();
      await root.wait();
      expect(story).toEqual(["throwing", "quick"]);
    });

    it("runs cleanups when the actor is stopped", async () => {
      const cleanup = vi.fn();
      const worker = new Puppet("worker", { script: ({ context }) => context.defer(cleanup) });
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      await root.stop();
      expect(cleanup).toHaveBeenCalledOnce();
    });

    it("runs every cleanup before the next life starts, and before the end is told", async () => {
      const recorder = new Recorder();
      let cleaned = (): void => {};
      const worker = new Puppet("worker", {
        script: ({ context }) => {
          context.defer(() => new Promise<void>((resolve) => (cleaned = resolve)));
        },
      });
      const root = new Supervisor("root", {
        actors: [worker],
        restartDelay: 0,
        observer: recorder,
      });
      root.start();
      worker.life.crash(new Error("boom"));
      await pass(1_000);
      expect(worker.lives.length).toBe(1);
      expect(recorder.lines).toEqual(["registered worker", "started worker"]);
      cleaned();
      await pass();
      expect(worker.lives.length).toBe(2);
      const stopped = root.stop();
      await pass();
      cleaned();
      await stopped;
    });

    it("reports a cleanup that throws or rejects, and runs the others", async () => {
      const errors: string[] = [];
      const story: string[] = [];
      const recorder = new Recorder();
      const worker = new Puppet("worker", {
        script: ({ context: { defer } }) => {
          defer(() => story.push("first"));
          defer(() => Promise.reject(new Error("rejected")));
          defer(() => story.push("second"));
          defer(() => {
            throw new Error("thrown");
          });
        },
      });
      const root = new Supervisor("root", {
        actors: [worker],
        observer: recorder,
        onError: (actor, error) => errors.push(`${actor.name}: ${error.message}`),
      });
      root.start();
      worker.life.end();
      await root.wait();
      expect(story).toEqual(["second", "first"]);
      expect(errors).toEqual(["worker: thrown", "worker: rejected"]);
      expect(recorder.lines.at(-1)).toBe("stopped worker");
      expect(root.children[0]?.status).toBe("stopped");
    });

    it("runs a cleanup that is deferred by another cleanup", async () => {
      const story: string[] = [];
      const worker = new Puppet("worker", {
        script: ({ context: { defer } }) => {
          defer(() => story.push("first"));
          defer(() => {
            story.push("second");
            defer(() => story.push("deferred late"));
          });
        },
      });
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      worker.life.end();
      await root.wait();
      expect(story).toEqual(["second", "deferred late", "first"]);
    });

    it("runs a cleanup at once when the life has ended, and reports what it throws", async () => {
      const errors: string[] = [];
      const worker = new Puppet("worker");
      const root = new Supervisor("root", {
        actors: [worker],
        onError: (_, { message }) => errors.push(message),
      });
      root.start();
      worker.life.end();
      await root.wait();
      const cleanup = vi.fn(() => {
        throw new Error("late");
      });
      worker.life.context.defer(cleanup);
      expect(cleanup).toHaveBeenCalledOnce();
      await pass();
      expect(errors).toEqual(["late"]);
    });

    it("runs the cleanups of a life that was left behind when it ends after all", async () => {
      const cleanup = vi.fn();
      const worker = new Puppet("worker", {
        script: (life) => {
          life.hang();
          life.context.defer(cleanup);
        },
      });
      const root = new Supervisor("root", { actors: [worker] });
      root.start();
      const stopped = root.stop();
      await pass(5_000);
      await stopped;
      expect(cleanup).not.toHaveBeenCalled();
      worker.life.end();
      await pass();
      expect(cleanup).toHaveBeenCalledOnce();
    });

    it("is given up with the life when a cleanup outlasts the shutdownTimeout", async () => {
      const recorder = new Recorder();
      const worker = new Puppet("worker", {
        script: ({ context }) => context.defer(() => new Promise(() => {})),
      });
      const root = new Supervisor("root", { actors: [worker], observer: recorder });
      root.start();
      worker.life.crash(new Error("boom"));
      await pass(4_999);
      expect(root.children[0]?.status).toBe("stopping");
      await pass(1);
      expect(root.children[0]?.status).toBe("waiting");
      await pass(1_000);
      expect(recorder.lines).toEqual([
        "registered worker",
        "started worker",
        "abandoned worker",
        "restarting worker: boom",
        "started worker",
      ]);
      const stopped = root.stop();
      await pass(5_000);
      await stopped;
    });
  });
});
