import { onTestFinished, vi } from "vitest";

/** Timers and clocks of the test's own until it is over; sockets go on in real time. */
export function fakeTime(): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets that many milliseconds pass, and what they set off reach the other side. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await turns(30);
}

/** Lets the event loop turn, input and output included. */
export async function turns(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise((resolve) => setImmediate(resolve));
}
