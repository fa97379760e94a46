import { describe, expect, it } from "vitest";
import { durationText } from "../../src/lib/model/duration.ts";

describe("durationText", () => {
  it.each([
    [0, "0 ms"],
    [-5, "0 ms"],
    [850.4, "850 ms"],
    [999.4, "999 ms"],
    [999.6, "1 s"],
    [1_000, "1 s"],
    [4_200, "4.2 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [60_000, "60 s"],
    [62_000, "1 m 02 s"],
    [120_000, "2 m"],
    [3_600_000, "1 h"],
    [5_460_000, "1 h 31 m"],
    [273_600_000, "3 d 04 h"],
  ])("says %d ms as %s", (duration, text) => {
    expect(durationText(duration)).toBe(text);
  });
});
