import { expect } from "vitest";

/** Looks again until it is so: a page needs its time, on a busy machine much of it. */
export function expectSoon(get: () => unknown): ReturnType<typeof expect.poll> {
  // oxlint-disable-next-line vitest/require-awaited-expect-poll -- whoever calls this awaits what follows
  return expect.poll(get, { timeout: 20_000, interval: 30 });
}
