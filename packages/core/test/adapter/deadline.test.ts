import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadline, unlessAborted, withinDeadline } from "../../src/adapter.ts";

// What comes with the input of the event loop stays real.
const toFake = ["setTimeout", "clearTimeout", "performance"] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...toFake] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** When, in milliseconds from now, it expires. */
function watch(milliseconds: number | false) {
  const start = performance.now();
  const expiries: number[] = [];
  const expire = () => void expiries.push(performance.now() - start);
  return { deadline: new Deadline(milliseconds, expire), expiries };
}

async function pass(milliseconds: number): Promise<void> {
  vi.advanceTimersByTime(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
}

describe("Deadline", () => {
  it("expires once, when its time has passed", async () => {
    const { expiries } = watch(1_000);
    await pass(999);
    expect(expiries).toEqual([]);
    await pass(1);
    await pass(5_000);
    expect(expiries).toEqual([1_000]);
  });

  it("expires after what has arrived by then", async () => {
    const events: string[] = [];
    void new Deadline(1_000, () => events.push("expired"));
    setImmediate(() => events.push("arrived"));
    await pass(1_000);
    expect(events).toEqual(["arrived", "expired"]);
  });

  it("counts anew from the last time that it was postponed", async () => {
    const { deadline, expiries } = watch(1_000);
    for (const step of [400, 400, 150, 900]) {
      await pass(step);
      deadline.postpone();
    }
    await pass(999);
    expect(expiries).toEqual([]);
    await pass(1);
    await pass(5_000);
    expect(expiries).toEqual([2_850]);
  });

  it("is postponed by what has arrived in its last moment", async () => {
    const { deadline, expiries } = watch(1_000);
    setImmediate(() => deadline.postpone());
    await pass(1_000);
    await pass(999);
    expect(expiries).toEqual([]);
    await pass(1);
    expect(expiries).toEqual([2_000]);
  });

  it("sets no timer for being postponed", () => {
    const { deadline } = watch(1_000);
    for (let count = 0; count < 100; count++) deadline.postpone();
    expect(vi.getTimerCount()).toBe(1);
  });

  it("never expires once it was cancelled, not even in its last moment", async () => {
    const { deadline, expiries } = watch(1_000);
    setImmediate(() => deadline.cancel());
    await pass(1_000);
    await pass(5_000);
    expect([expiries, vi.getTimerCount()]).toEqual([[], 0]);
  });

  it("never expires with `false`", async () => {
    const { deadline, expiries } = watch(false);
    deadline.postpone();
    await pass(10_000);
    expect([expiries, vi.getTimerCount()]).toEqual([[], 0]);
  });

  it("takes more than a timer keeps for the most that it does", async () => {
    const { expiries } = watch(Infinity);
    await pass(2_147_483_646);
    expect(expiries).toEqual([]);
    await pass(1);
    expect(expiries).toEqual([2_147_483_647]);
  });
});

describe("Deadline where there is no `setImmediate`", () => {
  it("expires all the same, after timers that are due", () => {
    vi.stubGlobal("setImmediate", undefined);
    const events: string[] = [];
    void new Deadline(1_000, () => events.push("expired"));
    setTimeout(() => events.push("timer"), 1_000);
    vi.advanceTimersByTime(1_001);
    expect(events).toEqual(["timer", "expired"]);
  });
});

describe("withinDeadline", () => {
  const reason = new Error("stopped");
  const lateness = () => new Error("late");
  const never = new Promise<never>(() => {});
  const untilAborted = (signal: AbortSignal) => unlessAborted(never, signal);

  it("gives what was done in time, and leaves nothing", async () => {
    const { signal } = new AbortController();
    expect(await withinDeadline(1_000, signal, lateness, async () => 7)).toBe(7);
    const failing = withinDeadline(1_000, signal, lateness, () => Promise.reject(reason));
    await expect(failing).rejects.toBe(reason);
    expect([getEventListeners(signal, "abort"), vi.getTimerCount()]).toEqual([[], 0]);
  });

  it("aborts with the outer reason, also when that was aborted before", async () => {
    const controller = new AbortController();
    const waiting = withinDeadline(60_000, controller.signal, lateness, untilAborted);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const late = withinDeadline(60_000, controller.signal, lateness, untilAborted);
    await expect(late).rejects.toBe(reason);
  });

  it("aborts when the time is over, but after what has arrived by then", async () => {
    const { signal } = new AbortController();
    const late = withinDeadline(1_000, signal, lateness, untilAborted);
    const arrived = withinDeadline(
      1_000,
      signal,
      lateness,
      (scope) => new Promise((resolve) => setImmediate(() => resolve(scope.aborted))),
    );
    vi.advanceTimersByTime(1_000);
    expect(await arrived).toBe(false);
    await expect(late).rejects.toThrow("late");
    expect([getEventListeners(signal, "abort"), vi.getTimerCount()]).toEqual([[], 0]);
  });

  it("takes as long as it takes with `false`", async () => {
    const controller = new AbortController();
    const waiting = withinDeadline(false, controller.signal, lateness, untilAborted);
    expect(vi.getTimerCount()).toBe(0);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
