import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { delay, unlessAborted, withinDeadline } from "../src/lib/abort.ts";
import { fakeTime } from "./fake-time.ts";

const reason = new Error("stopped");
const never = new Promise<never>(() => {});

describe("unlessAborted", () => {
  it("rejects with the signal's reason, also when it was aborted before", async () => {
    await expect(unlessAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it("gives the outcome otherwise, and leaves no listener", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("delay", () => {
  it("leaves no timer, however it ends", async () => {
    fakeTime();
    const controller = new AbortController();
    const waiting = delay(1_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(delay(1_000, controller.signal)).rejects.toBe(reason);
    const over = delay(1_000, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await over, vi.getTimerCount()]).toEqual([undefined, 0]);
  });
});

describe("withinDeadline", () => {
  const lateness = () => new Error("late");
  const untilAborted = (signal: AbortSignal) => unlessAborted(never, signal);

  it("aborts with the outer reason, also when that was aborted before", async () => {
    const controller = new AbortController();
    const waiting = withinDeadline(60_000, controller.signal, lateness, untilAborted);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(withinDeadline(60_000, controller.signal, lateness, untilAborted)).rejects.toBe(
      reason,
    );
  });

  it("aborts when the time is over, but after what has arrived by then", async () => {
    fakeTime();
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
});
