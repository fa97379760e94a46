import { describe, expect, it } from "vitest";
import { durationText } from "../../src/text/duration.ts";

describe("durationText", () => {
  it.each([
    [-5, "0 ms"],
    [0, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [4_240, "4.2 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 m 00 s"],
    [62_000, "1 m 02 s"],
    [3_599_499, "59 m 59 s"],
    [3_600_000, "1 h 00 m"],
    [86_399_000, "23 h 59 m"],
    [86_400_000, "1 d 00 h"],
    [400 * 86_400_000 + 5 * 3_600_000, "400 d 05 h"],
  ])("writes %s ms as %s", (duration, text) => {
    expect(durationText(duration)).toBe(text);
  });
});
