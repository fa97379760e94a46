import { RestartLimitError, Supervisor, type SupervisorOptions } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { delayOf, toBackoff } from "../../src/lib/supervisor/backoff.ts";
import { checkRestartLimit, RestartHistory } from "../../src/lib/supervisor/restart-limit.ts";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

/** Runs a supervisor whose only child crashes at these times; returns how many lives there were, and the failure. */
async function crashAt(
  times: readonly number[],
  options: SupervisorOptions,
): Promise<{ lives: number; failure: unknown }> {
  const worker = new Puppet("worker");
  const root = new Supervisor("root", { actors: [worker], restartDelay: 0, ...options });
  const failed = root.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  let now = 0;
  for (const time of times) {
    await pass(time - now);
    now = time;
    worker.life.crash(new Error(`crash at ${time}`));
    await pass();
  }
  await root.stop();
  return { lives: worker.lives.length, failure: await failed };
}

function doesThrow(act: () => void): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

describe("restartLimit", () => {
  const restartLimit = { maxRestarts: 2, window: 1_000 };

  it("allows as many restarts as it says", async () => {
    expect(await crashAt([1, 2], { restartLimit })).toEqual({ lives: 3, failure: undefined });
  });

  it("ends the supervisor with one more", async () => {
    const { lives, failure } = await crashAt([1, 2, 3], { restartLimit });
    expect(lives).toBe(3);
    expect(failure).toBeInstanceOf(RestartLimitError);
    const { code, actorName, count, window, cause, message } = failure as RestartLimitError;
    expect({ code, actorName, count, window }).toEqual({
      code: "RESTART_LIMIT",
      actorName: "worker",
      count: 3,
      window: 1_000,
    });
    expect((cause as Error).message).toBe("crash at 3");
    expect(message).toContain('"worker"');
  });

  it("forgets restarts that fall out of the window", async () => {
    expect(await crashAt([0, 500, 1_001, 1_501, 2_002, 2_502], { restartLimit })).toEqual({
      lives: 7,
      failure: undefined,
    });
  });

  it("slides, so that a burst over the edge of two windows counts", async () => {
    const { failure } = await crashAt([900, 1_100, 1_200], { restartLimit });
    expect(failure).toBeInstanceOf(RestartLimitError);
  });

  it("allows no restart at all when maxRestarts is 0", async () => {
    const { lives, failure } = await crashAt([1], {
      restartLimit: { maxRestarts: 0, window: 1_000 },
    });
    expect(lives).toBe(1);
    expect(failure).toBeInstanceOf(RestartLimitError);
  });

  it("is nowhere when none is given", async () => {
    const times = Array.from({ length: 200 }, (_, index) => index);
    expect(await crashAt(times, {})).toEqual({ lives: 201, failure: undefined });
  });

  it("counts each child for itself", async () => {
    const workers = [1, 2, 3, 4].map((number) => new Puppet(`worker ${number}`));
    const root = new Supervisor("root", { actors: workers, restartDelay: 0, restartLimit });
    root.start();
    for (const worker of [...workers, ...workers]) {
      worker.life.crash();
      await pass();
    }
    expect(root.children.map(({ restarts }) => restarts)).toEqual([2, 2, 2, 2]);
    expect(root.snapshot().status).not.toBe("failed");
    await root.stop();
  });

  it("is the child's own where it has one", async () => {
    const [strict, lax] = [new Puppet("strict"), new Puppet("lax")];
    const actors = [{ actor: strict, restartLimit: { maxRestarts: 0, window: 1 } }, lax];
    const root = new Supervisor("root", { actors, restartDelay: 0, restartLimit });
    root.start();
    lax.life.crash();
    await pass();
    expect(lax.lives.length).toBe(2);
    strict.life.crash();
    await root.wait();
    expect(root.snapshot().lastError?.message).toContain('"strict"');
  });

  it("counts clean ends of a permanent child, and gives the last crash as the cause if there was one", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      policy: "permanent",
      restartDelay: 0,
      restartLimit: { maxRestarts: 1, window: 1_000 },
    });
    const failed = root.run().catch((error: unknown) => error);
    worker.life.crash(new Error("boom"));
    await pass();
    worker.life.end();
    expect(((await failed) as Error).cause).toEqual(new Error("boom"));
  });

  it("does not count restarts that were asked for", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      restartLimit: { maxRestarts: 0, window: 1_000 },
    });
    root.start();
    for (let count = 0; count < 3; count++) await root.children[0]?.restart();
    expect(worker.lives.length).toBe(4);
    await root.stop();
  });

  it("begins anew when the supervisor does", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartDelay: 0, restartLimit });
    for (let run = 0; run < 3; run++) {
      root.start();
      for (let crash = 0; crash < 2; crash++) {
        worker.life.crash();
        await pass();
      }
      expect(root.snapshot().status).not.toBe("failed");
      await root.stop();
    }
    expect(worker.lives.length).toBe(9);
  });

  it("tells its crossing, stops the siblings in reverse order, and then the supervisor has ended", async () => {
    const recorder = new Recorder();
    const puppets = ["a", "b", "c"].map((name) => new Puppet(name));
    const root = new Supervisor("root", {
      actors: puppets,
      restartLimit: { maxRestarts: 0, window: 1 },
      observer: recorder,
    });
    root.start();
    recorder.clear();
    puppets[1]?.life.crash(new Error("boom"));
    await root.wait();
    expect(recorder.lines).toEqual([
      "stopped b: boom",
      expect.stringMatching(/^terminal: .*"b"/),
      "stopped c",
      "stopped a",
    ]);
    expect(root.children.map(({ status }) => status)).toEqual(["stopped", "failed", "stopped"]);
    expect(root.snapshot().status).toBe("failed");
    expect(await root.children[1]?.done).toEqual(new Error("boom"));
  });

  it("fails once when two children cross it in the same collapse, and not again in the next run", async () => {
    const recorder = new Recorder();
    const puppets = ["a", "b"].map((name) => new Puppet(name));
    const root = new Supervisor("root", {
      actors: puppets,
      restartLimit: { maxRestarts: 0, window: 1 },
      observer: recorder,
    });
    const failed = root.run().catch((error: unknown) => error);
    for (const { life } of puppets) life.crash();
    expect(await failed).toBeInstanceOf(RestartLimitError);
    expect(recorder.events.filter(({ type }) => type === "terminal").length).toBe(1);
    root.start();
    await pass(10_000);
    expect(root.snapshot().status).toBe("running");
    await root.stop();
  });

  describe("that can never be reached", () => {
    const refused: SupervisorOptions[] = [
      { restartLimit: { maxRestarts: 10, window: 100 }, restartDelay: 20 },
      { restartLimit: { maxRestarts: 1, window: 800 } },
      { restartLimit: { maxRestarts: 4, window: 100 }, restartDelay: { initial: 10 } },
      { restartLimit: { maxRestarts: 3, window: 10 }, restartDelay: { initial: 5, factor: 1 } },
      { restartLimit: { maxRestarts: 1e9, window: 1e9 }, restartDelay: { initial: 1, max: 2 } },
    ];
    const accepted: SupervisorOptions[] = [
      { restartLimit: { maxRestarts: 5, window: 10_000 }, restartDelay: 1_000 },
      { restartLimit: { maxRestarts: 10, window: 180 }, restartDelay: 20 },
      { restartLimit: { maxRestarts: 1, window: 900 } },
      { restartLimit: { maxRestarts: 0, window: 1 } },
      { restartLimit: { maxRestarts: 4, window: 150 }, restartDelay: { initial: 10 } },
      { restartLimit: { maxRestarts: 1e9, window: 1 }, restartDelay: 0 },
      { restartLimit: { maxRestarts: 1e9, window: 1 }, restartDelay: { initial: 0, max: 10 } },
      {
        restartLimit: { maxRestarts: 1_000, window: 1 },
        restartDelay: { initial: 0, factor: 1e3, max: 1 },
      },
      {
        restartLimit: { maxRestarts: 5, window: 100 },
        restartDelay: { initial: 10, factor: 10, resetAfter: 0 },
      },
    ];

    it.each(refused)("is refused with a message that says why: %o", (options) => {
      const create = (): Supervisor => new Supervisor("root", options);
      expect(create).toThrow(RangeError);
      expect(create).toThrow(/^Cannot create supervisor "root": .*restartLimit.*delay/);
    });

    it.each(accepted)("is told from one that can: %o", (options) => {
      expect(new Supervisor("root", options)).toBeInstanceOf(Supervisor);
    });

    it("is refused for a child whose own delay makes it so", () => {
      const root = new Supervisor("root", {
        restartDelay: 10,
        restartLimit: { maxRestarts: 5, window: 100 },
      });
      expect(() => root.spawn(new Puppet("slow"), { restartDelay: 1_000 })).toThrow(RangeError);
      expect(root.children).toEqual([]);
      expect(root.spawn(new Puppet("slow"), { restartDelay: 5 }).status).toBe("starting");
    });

    it("is refused if and only if crashes at once, with the least delays, do not reach it", () => {
      const backoffs = fc.record({
        initial: fc.nat(50),
        factor: fc.constantFrom(1, 1.5, 2, 10),
        jitter: fc.constantFrom(0, 0.1, 1),
        times: fc.integer({ min: 1, max: 20 }),
      });
      fc.assert(
        fc.property(
          backoffs,
          fc.nat(12),
          fc.integer({ min: 1, max: 2_000 }),
          ({ times, ...given }, maxRestarts, window) => {
            const backoff = toBackoff("test", { ...given, max: given.initial * times });
            let least = 0;
            for (let attempt = 0; attempt < maxRestarts; attempt++) {
              least += delayOf(backoff, attempt, 0);
            }
            // What is as good as equal may be taken either way.
            fc.pre(Math.abs(least - window) > 1e-6);
            const checkIt = (): void => checkRestartLimit("test", { maxRestarts, window }, backoff);
            expect(doesThrow(checkIt)).toBe(least > window);
          },
        ),
      );
    });
  });

  it("is never exceeded within any window, whatever the times of the crashes", () => {
    const times = fc.array(fc.nat(300), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.nat(5), fc.integer({ min: 1, max: 500 }), (gaps, most, window) => {
        const history = new RestartHistory();
        const allowed: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const count = history.count(window, now);
          const within = allowed.filter((time) => now - time <= window).length + 1;
          expect(count).toBe(within);
          if (count > most) return;
          allowed.push(now);
        }
      }),
    );
  });

  it("takes no timer of its own", async () => {
    const root = new Supervisor("root", {
      actors: [new Puppet("worker")],
      restartLimit: { maxRestarts: 5, window: 60_000 },
    });
    root.start();
    expect(vi.getTimerCount()).toBe(0);
    await root.stop();
  });
});
