import { describe, expect, it } from "vitest";
import { loadGroup } from "../lib/groups.ts";
import { runInChild } from "../lib/run-in-child.ts";

const { cases, nodeFlags } = await loadGroup("memory");

describe("memory budget", { timeout: 60_000 }, () => {
  it.each([
    "cast",
    "cast + signal",
    "call beyond promise",
    "100,000 idle actors",
    "one live signal",
  ])("holds for %s", async (name) => {
    const aim = cases.find((benchCase) => benchCase.name === name)?.aim;
    const job = { group: "memory", cases: [name], quick: false };
    const { measurements } = await runInChild(job, nodeFlags);

    expect(aim).toBeGreaterThan(0);
    expect(measurements[0]?.figure).toBeLessThanOrEqual(aim ?? 0);
  });
});
