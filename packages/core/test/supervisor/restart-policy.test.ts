import { type RestartPolicy, Supervisor } from "@sup/core";
import { Puppet, type PuppetLife, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

const policies: RestartPolicy[] = ["permanent", "transient", "temporary"];

/** How a life may end, and under which policies another one follows. */
const ends: [how: string, end: (life: PuppetLife) => void, restarting: RestartPolicy[]][] = [
  ["run resolves", (life) => life.end(), ["permanent"]],
  ["run rejects", (life) => life.crash(new Error("boom")), ["permanent", "transient"]],
  ["run rejects with undefined", (life) => life.crash(undefined), ["permanent", "transient"]],
  [
    "run rejects with an AbortError though nobody aborted it",
    (life) => life.crash(new DOMException("not mine", "AbortError")),
    ["permanent", "transient"],
  ],
  ["it fails", (life) => life.fail(new Error("boom")), ["permanent", "transient"]],
  ["it fails with undefined", (life) => life.fail(undefined), ["permanent", "transient"]],
  ["it finishes", (life) => life.finish(), []],
  [
    "it finishes and then rejects",
    (life) => {
      life.hang();
      life.finish();
      life.crash(new Error("boom"));
    },
    [],
  ],
];

describe("RestartPolicy", () => {
  for (const policy of policies) {
    for (const [how, end, restarting] of ends) {
      const restarts = restarting.includes(policy);
      it(`${restarts ? "restarts" : "does not restart"} a ${policy} child when ${how}`, async () => {
        const worker = new Puppet("worker");
        const root = new Supervisor("root", { actors: [worker], policy, autoShutdown: "never" });
        root.start();
        end(worker.life);
        await pass(999);
        expect(worker.lives.length).toBe(1);
        await pass(1);
        expect(worker.lives.length).toBe(restarts ? 2 : 1);
        await root.stop();
      });
    }

    const restarts = policy !== "temporary";
    it(`${restarts ? "restarts" : "does not restart"} a ${policy} child when run throws`, async () => {
      const worker = new Puppet("worker", {
        script: () => {
          throw new Error("thrown");
        },
      });
      const root = new Supervisor("root", { actors: [worker], policy, autoShutdown: "never" });
      root.start();
      await pass(2_000);
      expect(worker.lives.length).toBe(restarts ? 3 : 1);
      await root.stop();
    });

    it(`${policy === "permanent" ? "restarts" : "does not restart"} a ${policy} child when run returns nothing`, async () => {
      let runs = 0;
      const actor = { name: "quick", run: () => void runs++ };
      const root = new Supervisor("root", { actors: [actor], policy, autoShutdown: "never" });
      root.start();
      await pass(2_000);
      expect(runs).toBe(policy === "permanent" ? 3 : 1);
      await root.stop();
    });
  }

  it("is transient when none is given", async () => {
    const [crashing, ending] = [new Puppet("crashing"), new Puppet("ending")];
    const root = new Supervisor("root", { actors: [crashing, ending] });
    root.start();
    crashing.life.crash();
    ending.life.end();
    await pass(1_000);
    expect([crashing.lives.length, ending.lives.length]).toEqual([2, 1]);
    await root.stop();
  });

  it("is the child's own where it has one", async () => {
    const [own, common] = [new Puppet("own"), new Puppet("common")];
    const actors = [{ actor: own, policy: "temporary" as const }, common];
    const root = new Supervisor("root", { actors, policy: "permanent" });
    root.start();
    own.life.crash();
    common.life.end();
    await pass(1_000);
    expect([own.lives.length, common.lives.length]).toEqual([1, 2]);
    await root.stop();
  });
});

describe("a crash", () => {
  const crashes: [how: string, crash: (life: PuppetLife, error: unknown) => void][] = [
    ["a rejection", (life, error) => life.crash(error)],
    ["context.fail", (life, error) => life.fail(error)],
  ];

  async function crashOf(crash: (life: PuppetLife) => void): Promise<Error[]> {
    const errors: Error[] = [];
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      policy: "temporary",
      onError: (_, error) => errors.push(error),
    });
    root.start();
    crash(worker.life);
    await root.wait();
    return errors;
  }

  it.each(crashes)("is reported with the very error after %s", async (_, crash) => {
    const error = new TypeError("boom");
    expect(await crashOf((life) => crash(life, error))).toEqual([error]);
  });

  it.each(crashes)(
    "is reported as an Error with a stack and a cause after %s of anything else",
    async (_, crash) => {
      for (const thrown of [undefined, null, "text", 42, 42n, Symbol("s"), { code: 1 }, () => {}]) {
        const [error, ...more] = await crashOf((life) => crash(life, thrown));
        expect(more).toEqual([]);
        expect(error).toBeInstanceOf(Error);
        expect(error?.stack).toContain("worker");
        expect(Object.hasOwn(error!, "cause")).toBe(true);
        expect(error?.cause).toBe(thrown);
      }
    },
  );

  it("is reported as an Error after a rejection of what cannot be turned into text", async () => {
    const thrown = Object.create(null) as object;
    const [error] = await crashOf((life) => life.crash(thrown));
    expect(error?.cause).toBe(thrown);
  });

  it("is reported with the error of another realm as it is", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign = runInNewContext("new Error('from afar')") as Error;
    expect(foreign).not.toBeInstanceOf(Error);
    expect(await crashOf((life) => life.crash(foreign))).toEqual([foreign]);
  });

  it("keeps the first cause when more than one thing goes wrong", async () => {
    const errors = await crashOf((life) => {
      life.hang();
      life.fail(new Error("first"));
      life.fail(new Error("second"));
      life.crash(new Error("third"));
    });
    expect(errors.map(({ message }) => message)).toEqual(["first"]);
  });

  const cleanEnds: [how: string, error: (signal: AbortSignal) => unknown][] = [
    ["the signal's reason", (signal) => signal.reason],
    ["an AbortError", () => new DOMException("stopped", "AbortError")],
    [
      "an AbortError of its own making",
      () => Object.assign(new Error("stopped"), { name: "AbortError" }),
    ],
  ];

  it.each(cleanEnds)("is not a life that rejects with %s when it is stopped", async (_, reason) => {
    const recorder = new Recorder();
    const errors: Error[] = [];
    const worker = new Puppet("worker", { script: (life) => life.hang() });
    const root = new Supervisor("root", {
      actors: [worker],
      observer: recorder,
      onError: (_, error) => errors.push(error),
    });
    root.start();
    const [child] = root.children;
    const stopped = root.stop();
    worker.life.crash(reason(worker.life.context.signal));
    await stopped;
    expect(recorder.lines).toEqual(["registered worker", "started worker", "stopped worker"]);
    expect(errors).toEqual([]);
    expect([child?.status, child?.lastError, await child?.done]).toEqual([
      "stopped",
      undefined,
      undefined,
    ]);
  });

  it("is a life that rejects with something else when it is stopped", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker", { script: (life) => life.hang() });
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    root.start();
    const [child] = root.children;
    const stopped = root.stop();
    worker.life.crash(new Error("disk full"));
    await stopped;
    expect(recorder.lines.at(-1)).toBe("stopped worker: disk full");
    expect([child?.status, (await child?.done)?.message]).toEqual(["failed", "disk full"]);
  });

  it("is told in order: onError, stopped, restarting, started", async () => {
    const story: string[] = [];
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      observer: recorder,
      onError: (actor, { message }) => {
        story.push(`onError ${actor.name}: ${message} after ${recorder.lines.at(-1)}`);
      },
    });
    root.start();
    worker.life.crash(new Error("boom"));
    await pass(1_000);
    expect(recorder.lines).toEqual([
      "registered worker",
      "started worker",
      "stopped worker: boom",
      "restarting worker: boom",
      "started worker",
    ]);
    expect(story).toEqual(["onError worker: boom after started worker"]);
    await root.stop();
  });
});
