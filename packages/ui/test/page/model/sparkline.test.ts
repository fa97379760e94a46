import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparkline } from "../../../src/page/model/sparkline.ts";

describe("sparkline", () => {
  it("draws rates from zero", () => {
    expect(sparkline([0, 5, 10], 20, 12)).toBe("M0 11L10 6L20 1");
  });

  it("draws what never comes near zero over the whole height", () => {
    expect(sparkline([20, 21], 10, 12)).toBe("M0 11L10 1");
  });

  it("draws equal points as a flat line at the bottom", () => {
    expect(sparkline([4, 4, 4], 20, 12)).toBe("M0 11L10 11L20 11");
  });

  it("leaves a gap where nothing is known, and draws a lone point as a dot", () => {
    expect(sparkline([Number.NaN, 2, Number.NaN, 4, 4], 40, 12)).toBe("M10 11h.01M30 1L40 1");
  });

  it("draws nothing when nothing is known", () => {
    expect(sparkline([Number.NaN], 10, 10)).toBe("");
    expect(sparkline([], 10, 10)).toBe("");
    expect(sparkline([Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY], 10, 10)).toBe(
      "M5 9h.01",
    );
  });

  it("stays within its height whatever the points are", () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 1, maxLength: 60 }), (points) => {
        const numbers =
          sparkline(points, 60, 20).match(/-?[\d.]+(?:e[+-]\d+)?|NaN|Infinity/g) ?? [];
        expect(numbers.map(Number).every((number) => number >= 0 && number <= 60)).toBe(true);
      }),
    );
  });
});
