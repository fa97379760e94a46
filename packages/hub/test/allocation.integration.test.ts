import { describe, expect, it } from "vitest";
import { runFixture } from "./fixtures/run-fixture.ts";

/** The collector must not run in between; what is allocated must be seen. */
const nodeFlags = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** What one measurement allocates itself, over a million calls: far below the 16 bytes of the smallest object. */
const noise = 0.1;

describe("Hub.next", () => {
  it.each([
    ["round-robin", "awake"],
    ["random", "awake"],
    ["least-loaded", "awake"],
    ["round-robin", "resting"],
    ["random", "resting"],
    ["least-loaded", "resting"],
  ])("H3: allocates nothing with strategy %s, one routee %s", async (strategy, state) => {
    const bytes = Number(await runFixture("next-allocation.ts", [strategy, state], nodeFlags));
    expect(bytes).toBeGreaterThanOrEqual(0);
    expect(bytes).toBeLessThan(noise);
  });

  it("H3: is measured in a way that sees the smallest object", async () => {
    const printed = await runFixture(
      "next-allocation.ts",
      ["round-robin", "awake", "1"],
      nodeFlags,
    );
    expect(Number(printed)).toBeGreaterThan(10);
  });
});
