import { Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { delayOf, toBackoff } from "../../src/lib/supervisor/backoff.ts";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

function delaysOf(recorder: Recorder): number[] {
  return recorder.events.flatMap((event) => (event.type === "restarting" ? [event.delay] : []));
}

/** Runs a puppet that crashes at once in each of its lives, `times` times. */
async function crashLoop(
  restartDelay: ConstructorParameters<typeof Supervisor>[1] extends (infer Options) | undefined
    ? Options extends { restartDelay?: infer Delay }
      ? Delay
      : never
    : never,
  times: number,
): Promise<number[]> {
  const recorder = new Recorder();
  const worker = new Puppet("worker", { script: (life) => life.crash() });
  const root = new Supervisor("root", { actors: [worker], restartDelay, observer: recorder });
  root.start();
  await pass();
  while (delaysOf(recorder).length < times) await vi.advanceTimersToNextTimerAsync();
  await root.stop();
  return delaysOf(recorder).slice(0, times);
}

describe("restartDelay", () => {
  it("is a second when none is given", async () => {
    expect(await crashLoop(undefined, 3)).toEqual([1_000, 1_000, 1_000]);
  });

  it("stays as it is when it is a number", async () => {
    expect(await crashLoop(250, 4)).toEqual([250, 250, 250, 250]);
  });

  it("may be 0", async () => {
    expect(await crashLoop(0, 3)).toEqual([0, 0, 0]);
  });

  it("has a jitter of 10 % either way when it is a number", async () => {
    vi.mocked(Math.random).mockReturnValue(0);
    const [least] = await crashLoop(1_000, 1);
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const [most] = await crashLoop(1_000, 1);
    expect(least).toBeCloseTo(900, 6);
    expect(most).toBeCloseTo(1_100, 6);
  });

  it("never exceeds what timers can keep", async () => {
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const longest = 2_147_483_647;
    expect(await crashLoop(longest, 1)).toEqual([longest]);
    expect(await crashLoop({ initial: longest }, 1)).toEqual([longest]);
  });

  it("doubles up to 32 times the initial one when only that is given", async () => {
    expect(await crashLoop({ initial: 10 }, 8)).toEqual([10, 20, 40, 80, 160, 320, 320, 320]);
  });

  it("grows by its factor up to its max", async () => {
    const delays = await crashLoop({ initial: 10, factor: 3, max: 100 }, 5);
    expect(delays).toEqual([10, 30, 90, 100, 100]);
  });

  it("begins anew after a life of resetAfter ms", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      restartDelay: { initial: 100, resetAfter: 5_000 },
      observer: recorder,
    });
    root.start();
    for (const life of [0, 0, 4_999, 5_000, 0]) {
      await pass(life);
      worker.life.crash();
      await pass();
      await pass(delaysOf(recorder).at(-1));
    }
    expect(delaysOf(recorder)).toEqual([100, 200, 400, 100, 200]);
    await root.stop();
  });

  it("begins anew after a life as long as max when resetAfter is not given", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      restartDelay: { initial: 100, max: 400 },
      observer: recorder,
    });
    root.start();
    for (const life of [0, 399, 400]) {
      await pass(life);
      worker.life.crash();
      await pass();
      await pass(delaysOf(recorder).at(-1));
    }
    expect(delaysOf(recorder)).toEqual([100, 200, 100]);
    await root.stop();
  });

  it("is the child's own where it has one, and no child's crash delays another", async () => {
    const recorder = new Recorder();
    const [quick, slow] = [new Puppet("quick"), new Puppet("slow")];
    const actors = [{ actor: quick, restartDelay: 10 }, slow];
    const root = new Supervisor("root", {
      actors,
      restartDelay: { initial: 1_000 },
      observer: recorder,
    });
    root.start();
    quick.life.crash();
    await pass(10);
    quick.life.crash();
    await pass(10);
    slow.life.crash();
    await pass();
    expect(delaysOf(recorder)).toEqual([10, 10, 1_000]);
    await root.stop();
  });

  it("is over at once when the actor is stopped meanwhile", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartDelay: 60_000 });
    root.start();
    worker.life.crash(new Error("boom"));
    await pass(10);
    expect(root.children[0]?.status).toBe("waiting");
    await root.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(worker.lives.length).toBe(1);
    expect(root.children[0]?.status).toBe("failed");
  });
});

describe("delayOf", () => {
  const backoffs = fc
    .record({
      initial: fc.double({ min: 0, max: 1e6, noNaN: true }),
      factor: fc.double({ min: 1, max: 1e3, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      times: fc.double({ min: 1, max: 1e3, noNaN: true }),
    })
    .map(({ times, ...given }) => ({ ...given, max: given.initial * times }));

  it("is never beyond the cap, the jitter's share or a timer's reach", () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(backoffs, fc.nat(1e6), chance, (given, attempt, random) => {
        const backoff = toBackoff("test", given);
        const delay = delayOf(backoff, attempt, random);
        const nominal = Math.min(given.initial * given.factor ** attempt, given.max) || 0;
        expect(delay).toBeGreaterThanOrEqual(Math.max(0, nominal * (1 - given.jitter)) * 0.999_999);
        expect(delay).toBeLessThanOrEqual(Math.min(given.max, 2_147_483_647));
        expect(delay).toBeLessThanOrEqual(nominal * (1 + given.jitter) * 1.000_001);
      }),
    );
  });

  it("does not shrink from one attempt to the next", () => {
    fc.assert(
      fc.property(backoffs, fc.nat(100), (given, attempt) => {
        const backoff = toBackoff("test", given);
        expect(delayOf(backoff, attempt + 1, 0.5)).toBeGreaterThanOrEqual(
          delayOf(backoff, attempt, 0.5),
        );
      }),
    );
  });
});
