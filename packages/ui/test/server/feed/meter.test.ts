import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Meter } from "../../../src/lib/server/feed/meter.ts";

let computed = 0;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process, "threadCpuUsage").mockImplementation(() => ({ user: computed, system: 0 }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Something that takes so many milliseconds of the processor. */
const work = (ms: number) => () => {
  computed += ms * 1_000;
  vi.advanceTimersByTime(ms);
};

describe("Meter", () => {
  it("gives rates per second over two seconds", () => {
    const meter = new Meter();
    meter.time(work(100));
    meter.sent(500);
    meter.sent(500);
    vi.advanceTimersByTime(1_900);
    expect(meter.sample(1)).toEqual({ viewers: 1, frames: 1, bytes: 500, skipped: 0, cpu: 0.05 });
    expect(meter.cost.cpu).toBe(0.05);
    vi.advanceTimersByTime(2_000);
    expect(meter.sample(1)).toEqual({ viewers: 1, frames: 0, bytes: 0, skipped: 0, cpu: 0 });
  });

  it("tells of another number of viewers at once, and of nothing when nothing has changed", () => {
    const meter = new Meter();
    expect(meter.sample(3)).toMatchObject({ viewers: 3 });
    expect(meter.sample(3)).toBeUndefined();
    vi.advanceTimersByTime(2_000);
    expect(meter.sample(3)).toBeUndefined();
    meter.time(work(2));
    vi.advanceTimersByTime(1_998);
    expect(meter.sample(3)).toBeUndefined();
  });

  it("counts what was skipped for ever, and the rest anew when nobody looks", () => {
    const meter = new Meter();
    meter.skipped();
    meter.sent(10);
    vi.advanceTimersByTime(2_000);
    expect(meter.sample(1)).toMatchObject({ skipped: 1, bytes: 5 });
    meter.rest();
    expect(meter.cost).toEqual({ viewers: 0, frames: 0, bytes: 0, skipped: 1, cpu: 0 });
  });

  it("counts the time of work that throws, too", () => {
    const meter = new Meter();
    const fail = (): never => {
      work(200)();
      throw new Error("boom");
    };
    expect(() => meter.time(fail)).toThrow("boom");
    vi.advanceTimersByTime(1_800);
    expect(meter.sample(1)?.cpu).toBe(0.1);
  });
});
