import { describe, expect, it } from "vitest";
import { Ticks } from "../src/lib/ticks.ts";

describe("Ticks", () => {
  it("are one interval apart when nothing takes time", () => {
    const ticks = new Ticks(100, 1_000);
    expect([1_000, 1_100, 1_200].map((now) => ticks.next(now))).toEqual([100, 100, 100]);
  });

  it("come sooner after what took time, so that nothing adds up", () => {
    const ticks = new Ticks(100, 0);
    expect([30, 199.5, 250].map((now) => ticks.next(now))).toEqual([70, 0.5, 50]);
  });

  it("that are missed are skipped", () => {
    const ticks = new Ticks(100, 0);
    expect([350, 900].map((now) => ticks.next(now))).toEqual([50, 0]);
  });

  it("are not had twice when a timer fires early", () => {
    const ticks = new Ticks(100, 0);
    ticks.next(0);
    expect(ticks.next(99.6)).toBeCloseTo(100.4);
  });
});
