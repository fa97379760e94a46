import { describe, expect, it } from "vitest";
import { linearScale, logScale } from "../../lib/plot/scale.ts";

describe("linearScale", () => {
  it("begins at 0 and holds the highest figure", () => {
    const scale = linearScale(617, 100, 500, 60);

    expect(scale.at(0)).toBe(100);
    expect(scale.at(617)).toBeLessThan(500);
    expect(scale.at(617)).toBeGreaterThan(480);
    expect(scale.ticks).toEqual([0, 100, 200, 300, 400, 500, 600]);
  });

  it("has fewer lines when there is less room", () => {
    expect(linearScale(617, 0, 200, 60).ticks).toEqual([0, 200, 400, 600]);
  });

  it("has round lines below 1", () => {
    expect(linearScale(0.31, 0, 400, 60).ticks).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
  });
});

describe("logScale", () => {
  it("makes equal ratios equal distances, and holds both ends", () => {
    const { at } = logScale([0.2, 50], 100, 500, 40);

    expect(at(2) - at(1)).toBeCloseTo(at(20) - at(10));
    expect(at(0.2)).toBeGreaterThan(100);
    expect(at(50)).toBeLessThan(500);
  });

  it.each([
    { room: 900, ticks: [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10] },
    { room: 400, ticks: [0.2, 0.5, 1, 2, 5, 10] },
    { room: 240, ticks: [0.3, 1, 3, 10] },
    { room: 130, ticks: [1, 10] },
  ])("has lines at $ticks in $room pixels", ({ room, ticks }) => {
    expect(logScale([0.2, 10], 0, room, 45).ticks).toEqual(ticks);
  });

  it("puts a single figure between its ends", () => {
    const { at } = logScale([25, 25], 0, 100, 45);

    expect(at(25)).toBe(50);
  });
});
