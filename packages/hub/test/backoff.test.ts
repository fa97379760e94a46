import { Check } from "@sup/core/adapter";
import { describe, expect, it } from "vitest";
import { delayAfter, toBackoff } from "../src/lib/backoff.ts";

const check = new Check("retry");

describe("toBackoff", () => {
  it("has a longest delay that a timer keeps, also of a first one that is very long", () => {
    expect(toBackoff(check, { initial: 1_000 }).max).toBe(32_000);
    expect(toBackoff(check, { initial: 1_000_000_000 }).max).toBe(2_147_483_647);
  });
});

describe("delayAfter", () => {
  it("stays at no delay, however often it failed", () => {
    const backoff = toBackoff(check, { initial: 0 });
    expect([1, 10, 2_000].map((failures) => delayAfter(failures, backoff, 0.5))).toEqual([0, 0, 0]);
  });

  it("grows by its factor up to its longest, jitter included", () => {
    const backoff = toBackoff(check, { initial: 100, max: 350 });
    expect([1, 2, 3, 2_000].map((failures) => delayAfter(failures, backoff, 0.5))).toEqual([
      100, 200, 350, 350,
    ]);
    expect([0, 1].map((random) => delayAfter(2, backoff, random))).toEqual([180, 220].map(near));
    expect(delayAfter(3, backoff, 1)).toBe(350);
  });
});

function near(delay: number): unknown {
  return expect.closeTo(delay, 6);
}
