import { describe, expect, it } from "vitest";
import { isStale } from "../../src/heater/heater.ts";

describe("isStale", () => {
  it("is so for a reading older than three seconds", () => {
    const reading = { celsius: 60, heating: true, at: 1_000, took: 1 };
    expect(isStale(reading, 4_000)).toBe(false);
    expect(isStale(reading, 4_001)).toBe(true);
  });
});
