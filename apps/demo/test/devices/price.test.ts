import { describe, expect, it } from "vitest";
import { priceAt } from "../../src/devices/price.ts";

describe("priceAt", () => {
  it("is cheap in the first minute, dear in the second, and so on", () => {
    expect([0, 30, 60, 90, 120, 150].map(priceAt)).toEqual([0.3, 0.2, 0.3, 0.4, 0.3, 0.2]);
  });

  it("is in tenths of a cent", () => {
    expect(priceAt(7)).toBe(0.264);
  });
});
