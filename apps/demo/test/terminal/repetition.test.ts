import { describe, expect, it } from "vitest";
import { Repetition } from "../../src/terminal/repetition.ts";

describe("Repetition", () => {
  it("has each message told once in ten seconds", () => {
    let now = 0;
    const repetition = new Repetition(() => now);
    expect(repetition.isTooSoon("a")).toBe(false);
    expect(repetition.isTooSoon("b")).toBe(false);
    now = 9_999;
    expect(repetition.isTooSoon("a")).toBe(true);
    now = 10_000;
    expect(repetition.isTooSoon("a")).toBe(false);
    now = 19_999;
    expect(repetition.isTooSoon("a")).toBe(true);
  });
});
