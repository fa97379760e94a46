import { describe, expect, it, vi } from "vitest";
import { fakeTime } from "./scene.ts";

type Time = typeof import("../src/lib/time.ts");

/** The module as it is where there is such a `setImmediate`, or none. */
async function loadTime(setImmediate: unknown): Promise<Time> {
  vi.stubGlobal("setImmediate", setImmediate);
  vi.resetModules();
  try {
    return await import("../src/lib/time.ts");
  } finally {
    vi.unstubAllGlobals();
  }
}

/** Changes something in each of many microtasks, until that is long. */
async function keepBusy({ presentTime, isTurnLong }: Time): Promise<void> {
  const giveUp = performance.now() + 5_000;
  while (!isTurnLong() && performance.now() < giveUp) {
    presentTime();
    await Promise.resolve();
  }
}

describe("isTurnLong", () => {
  it.each([
    ["setImmediate", setImmediate],
    ["nothing but timers, as in a browser", undefined],
  ])(
    "is true when a turn has taken long, until it has passed, with %s",
    async (_, setImmediate) => {
      const time = await loadTime(setImmediate);
      const start = performance.now();
      time.presentTime();
      expect(time.isTurnLong()).toBe(false);
      await keepBusy(time);
      expect(time.isTurnLong()).toBe(true);
      expect(performance.now() - start).toBeGreaterThan(3);
      await time.endOfTurn();
      expect(time.isTurnLong()).toBe(false);
    },
  );
});

describe("presentTime", () => {
  it("is the same within a microtask, and right in the next one", async () => {
    const { presentTime, toEpoch } = await loadTime(setImmediate);
    const first = presentTime();
    const end = Date.now() + 3;
    while (Date.now() < end) continue;
    expect(presentTime()).toBe(first);
    await Promise.resolve();
    expect(toEpoch(presentTime())).toBeGreaterThanOrEqual(end);
  });

  it("is what a test says, also where that jumps within a microtask", async () => {
    const { presentTime, toEpoch, never } = await loadTime(setImmediate);
    presentTime();
    fakeTime();
    const times = [1, 7, 3].map((time) => {
      vi.setSystemTime(time);
      return toEpoch(presentTime());
    });
    expect(times).toEqual([1, 7, 3]);
    expect(toEpoch(never)).toBeUndefined();
  });
});
