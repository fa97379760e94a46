import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Line } from "../../src/lib/transport/line.ts";
import { pauseUntil } from "../../src/lib/transport/pause.ts";

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** From now on time passes while it is asked for, as where another process takes the processor. */
function letTimePassAtEachLook(milliseconds: number): void {
  const now = performance.now.bind(performance);
  let looks = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now() + ++looks * milliseconds);
}

describe("pauseUntil", () => {
  it("has returned before it resumes, also when it is late already", async () => {
    const resume = vi.fn<() => void>();
    pauseUntil(performance.now() - 1, resume);
    expect(resume).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(0);
    expect(resume).toHaveBeenCalledOnce();
  });

  it.each([0.3, 1, 2.7])("resumes once, after %s ms, and not before", async (milliseconds) => {
    const begin = performance.now();
    const resume = vi.fn<() => void>(() => void times.push(performance.now() - begin));
    const times: number[] = [];
    pauseUntil(begin + milliseconds, resume);
    await vi.advanceTimersByTimeAsync(10);
    expect(times).toHaveLength(1);
    expect(times[0]).toBeGreaterThanOrEqual(milliseconds);
  });

  it.each([-1, 0.3, 5])(
    "never resumes when it is called off, %s ms before",
    async (milliseconds) => {
      const resume = vi.fn<() => void>();
      pauseUntil(performance.now() + milliseconds, resume)();
      await vi.advanceTimersByTimeAsync(10);
      expect(resume).not.toHaveBeenCalled();
    },
  );
});

describe("Line", () => {
  it.each([0.01, 0.1, 0.3, 0.7, 1.1, 1.9])(
    "gives every turn when a silence ends while it is looked at, %s ms a look",
    async (milliseconds) => {
      const line = new Line({ quietTime: 2, turnaround: 0, patience: 1_000 });
      letTimePassAtEachLook(milliseconds);
      const turns: number[] = [];
      for (let turn = 0; turn < 50; turn++) {
        line.take(() => {
          turns.push(turn);
          line.heard();
          queueMicrotask(() => line.release());
        });
      }
      await vi.advanceTimersByTimeAsync(1_000);
      expect(turns).toEqual(Array.from({ length: 50 }, (_, turn) => turn));
    },
  );
});
