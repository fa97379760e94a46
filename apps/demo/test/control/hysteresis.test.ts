import { describe, expect, it } from "vitest";
import { mustHeat } from "../../src/control/hysteresis.ts";

const band = { low: 58, high: 62 };

describe("mustHeat", () => {
  it.each([57.9, 58])("heats at %s °C, the lower end and below", (celsius) => {
    expect(mustHeat(false, celsius, band)).toBe(true);
    expect(mustHeat(true, celsius, band)).toBe(true);
  });

  it.each([62, 62.1])("does not heat at %s °C, the upper end and above", (celsius) => {
    expect(mustHeat(false, celsius, band)).toBe(false);
    expect(mustHeat(true, celsius, band)).toBe(false);
  });

  it.each([58.1, 60, 61.9])("goes on as before at %s °C, within the band", (celsius) => {
    expect(mustHeat(false, celsius, band)).toBe(false);
    expect(mustHeat(true, celsius, band)).toBe(true);
  });
});
