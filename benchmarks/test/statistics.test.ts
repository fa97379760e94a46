import { describe, expect, it } from "vitest";
import { quantile, summarise } from "../lib/statistics.ts";

describe("summarise", () => {
  it("finds the middle and both ends of values in any order", () => {
    expect(summarise([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(summarise([4, 1, 2, 10]).median).toBe(3);
  });

  it("refuses to summarise nothing", () => {
    expect(() => summarise([])).toThrow(RangeError);
  });
});

describe("quantile", () => {
  it("lies between two values when the share falls between them", () => {
    expect(quantile([0, 10, 20, 30, 40], 0.1)).toBe(4);
  });
});
