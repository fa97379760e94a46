import { describe, expect, it } from "vitest";
import { approach } from "../../src/devices/approach.ts";

describe("approach", () => {
  it("stays where it is when no time passes or it has arrived", () => {
    expect(approach(54, 95, 0, 60)).toBe(54);
    expect(approach(20, 20, 1_000, 60)).toBe(20);
  });

  it("gets ever closer, and never past it", () => {
    expect(approach(20, 95, 60, 60)).toBeCloseTo(95 - 75 / Math.E);
    expect(approach(20, 95, 1e9, 60)).toBe(95);
    expect(approach(95, 20, 1e9, 60)).toBe(20);
  });

  it("is the same for one long step and for many short ones", () => {
    let temperature = 54;
    for (let step = 0; step < 1_000; step++) temperature = approach(temperature, 95, 0.05, 60);
    expect(temperature).toBeCloseTo(approach(54, 95, 50, 60), 9);
  });
});
