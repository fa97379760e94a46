import { describe, expect, it } from "vitest";
import { tell } from "../../src/lib/observer/observer.ts";

describe("tell", () => {
  it("tells with what comes next what was left when the stack ended while a failure was reported", () => {
    const told: string[] = [];
    const ignore = () => {};
    const failing = () =>
      tell(
        () => {
          tell(() => told.push("caused"), ignore);
          throw new Error("boom");
        },
        () => {
          throw new RangeError("no stack left");
        },
      );
    expect(failing).toThrow("no stack left");
    tell(() => told.push("next"), ignore);
    expect(told).toEqual(["caused", "next"]);
  });
});
