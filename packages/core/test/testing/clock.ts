import { afterEach, beforeEach, expect, vi } from "vitest";

/** Fake time for each test of the file, chance that leaves delays as they are, and no timer left at the end. */
export function useFakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
  });
  afterEach(() => {
    const left = vi.getTimerCount();
    // In this order: what a spy restores may be a timer of the fake ones.
    vi.restoreAllMocks();
    vi.useRealTimers();
    expect(left, "timers left").toBe(0);
  });
}

/** Lets `ms` of fake time pass, with all that follows from it. */
export async function pass(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
