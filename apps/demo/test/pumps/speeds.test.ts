import { describe, expect, it } from "vitest";
import { circulationSpeed, supplySpeed } from "../../src/pumps/speeds.ts";

describe("circulationSpeed", () => {
  it("is all of it while the heater is on, and less while it is off or not known", () => {
    expect([true, false, undefined].map(circulationSpeed)).toEqual([100, 40, 40]);
  });
});

describe("supplySpeed", () => {
  it("is the higher, the colder it is, in steps, and never nothing", () => {
    const outdoor = [-40, -4, -3.9, 3, 8, 8.5, 15, 15.3, 20, 35];
    expect(outdoor.map(supplySpeed)).toEqual([100, 100, 100, 70, 50, 50, 20, 20, 20, 20]);
  });

  it("is half while the temperature outside is not known", () => {
    expect(supplySpeed(undefined)).toBe(50);
  });
});
