import { type Actor, type ActorContext, Supervisor } from "@sup/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** An actor that says how long it needs, and does not end. */
function stubborn(shutdownTimeout: number): Actor {
  return { name: "stubborn", shutdownTimeout, run: (_: ActorContext) => new Promise(() => {}) };
}

describe("Actor.shutdownTimeout", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["the actor's own, before its supervisor's", undefined, 8_000],
    ["the child's option, before the actor's own", 2_000, 2_000],
  ])("abandons after %s", async (_, option, expected) => {
    const root = new Supervisor("root", { shutdownTimeout: 1_000 });
    root.start();
    const options = option === undefined ? {} : { shutdownTimeout: option };
    const child = root.spawn(stubborn(8_000), options);
    void root.stop();
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(child.status).toBe("stopping");
    await vi.advanceTimersByTimeAsync(1);
    expect(child.status).toBe("abandoned");
  });

  it("is refused where it makes no sense", () => {
    expect(() => new Supervisor("root", { actors: [stubborn(-1)] })).toThrow(RangeError);
  });
});
