import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Readiness } from "../../src/lib/options.ts";
import { ReadinessWatch } from "../../src/lib/readiness/readiness.ts";

beforeEach(() => void vi.useFakeTimers());

afterEach(() => void vi.useRealTimers());

describe("ReadinessWatch", () => {
  it.each<Readiness | undefined>([
    undefined,
    { uptime: 1_000 },
    { line: /ready/ },
    { port: 9, timeout: 1_000 },
  ])("waits for nothing and tells nothing when it is over before: %o", (ready) => {
    const told: string[] = [];
    const watch = new ReadinessWatch(ready, AbortSignal.abort(), {
      onReady: () => told.push("ready"),
      onLate: (why) => told.push(why),
    });
    watch.see({ stream: "stdout", line: "ready", truncated: false });
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(told).toEqual([]);
  });
});
