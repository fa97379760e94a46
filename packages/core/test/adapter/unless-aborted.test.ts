import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { unlessAborted } from "../../src/adapter.ts";

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
    expect(await unlessAborted(7, signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("gives a value that comes too late to who frees it, and drops an error that does", async () => {
    const controller = new AbortController();
    const freed: string[] = [];
    const discard = (value: string) => void freed.push(value);
    const value = Promise.withResolvers<string>();
    const error = Promise.withResolvers<string>();
    const waiting = [value, error].map(({ promise }) =>
      unlessAborted(promise, controller.signal, discard),
    );
    controller.abort(reason);
    value.resolve("late");
    error.reject(new Error("late"));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
    expect(freed).toEqual(["late"]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
