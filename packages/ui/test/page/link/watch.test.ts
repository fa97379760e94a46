import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Watch } from "../../../src/page/link/watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(): { watch: Watch; told: () => number } {
  const tell = vi.fn<() => void>();
  return { watch: new Watch(5_000, tell), told: () => tell.mock.calls.length };
}

describe("Watch", () => {
  it("tells once when nothing was heard for its patience, and for a multiple of it where that was asked", () => {
    const { watch, told } = watched();
    watch.begin(1);
    vi.advanceTimersByTime(4_999);
    expect(told()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(told()).toBe(1);
    watch.begin(4);
    vi.advanceTimersByTime(19_000);
    expect(told()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(told()).toBe(2);
  });

  it("tells nothing while something is heard", () => {
    const { watch, told } = watched();
    for (let second = 0; second < 60; second += 2) {
      watch.begin(1);
      vi.advanceTimersByTime(2_000);
    }
    expect(told()).toBe(0);
  });

  it("takes no sleep of its own for silence", () => {
    let turn = (): void => {};
    vi.spyOn(globalThis, "setInterval").mockImplementation(((callback: () => void) => {
      turn = callback;
      return 1;
    }) as unknown as typeof setInterval);
    const { watch, told } = watched();
    watch.begin(1);
    // Timers that were due while the machine slept are called once, and then what has arrived is read.
    vi.setSystemTime(Date.now() + 3_600_000);
    turn();
    expect(told()).toBe(0);
    watch.begin(1);
    for (let turns = 0; turns < 4; turns++) turn();
    expect(told()).toBe(0);
    turn();
    expect(told()).toBe(1);
    vi.restoreAllMocks();
  });

  it("tells nothing when it has ended", () => {
    const { watch, told } = watched();
    watch.begin(1);
    watch.end();
    vi.advanceTimersByTime(60_000);
    expect(told()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
