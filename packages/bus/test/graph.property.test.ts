import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { plans } from "./model/plan.ts";
import { World } from "./model/world.ts";

/** `SUP_BUS_CHANGES=1000000` goes on until there were that many changes of sources. */
const enough = Number(process.env["SUP_BUS_CHANGES"] ?? 3_000);

describe("computed: any graph, whatever happens to it (B4)", () => {
  it("no read is torn, and nothing runs twice for one change, or without one", async () => {
    const total = { graphs: 0, changes: 0, reads: 0, runs: 0 };
    const property = fc.asyncProperty(plans(25, 100), async (plan) => {
      if (total.changes >= enough) return;
      // Of its own for each: what is left of a graph that failed must not fail the next one.
      vi.useFakeTimers();
      const world = new World(plan);
      try {
        for (const step of plan.steps) await world.act(step);
        await world.end();
      } finally {
        vi.useRealTimers();
      }
      total.graphs++;
      total.changes += world.changes;
      total.reads += world.reads;
      total.runs += world.runs;
    });
    await fc.assert(property, { numRuns: Math.ceil(enough / 10) });
    expect(total.changes).toBeGreaterThanOrEqual(enough);
    if (process.env["SUP_BUS_CHANGES"] !== undefined) console.log(total);
  }, 3_600_000);
});
