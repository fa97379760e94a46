import { describe, expect, it, vi } from "vitest";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("presentTime", () => {
  it("lets a turn that was long end after the stack has come to its end while it began", async () => {
    let isCutOff = true;
    vi.resetModules();
    // Taken by the module when it loads.
    const { setImmediate } = globalThis;
    const { now } = Date;
    let clock = 1_000;
    Date.now = () => clock;
    globalThis.setImmediate = ((task: () => void) => {
      if (!isCutOff) return setImmediate(task);
      isCutOff = false;
      throw new RangeError("Maximum call stack size exceeded");
    }) as typeof setImmediate;
    const { isTurnLong, presentTime } = await import("../src/lib/time.ts");
    globalThis.setImmediate = setImmediate;
    try {
      expect(presentTime).toThrow(RangeError);
      await turn();
      clock += 10;
      presentTime();
      await turn();
      expect(isTurnLong()).toBe(false);
    } finally {
      Date.now = now;
    }
  });
});
