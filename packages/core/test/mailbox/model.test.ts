import * as fc from "fast-check";
import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { setting, step } from "./model/step.ts";
import { World } from "./model/world.ts";

/** How many worlds are played: `SUP_MODEL_RUNS=1000000` for a long night. */
const numRuns = Number(process.env["SUP_MODEL_RUNS"] ?? 600);

/** The clock by which the mailbox yields; `burn` moves it. */
let clock = 0;
let core: typeof import("@sup/core");

describe("Mailbox: any interleaving of what can happen to it", () => {
  beforeEach(async () => {
    vi.resetModules();
    // Taken by the module when it loads; an own property hides the platform's until then.
    performance.now = () => clock;
    core = await import("@sup/core");
    Reflect.deleteProperty(performance, "now");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => void vi.useRealTimers());

  it(
    "keeps order and capacity, settles every call, loses nothing in silence and delivers nothing withdrawn",
    { timeout: 240_000 + numRuns * 20 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          setting,
          fc.array(step, { maxLength: 80, size: "max" }),
          async (where, steps) => {
            vi.clearAllTimers();
            const world = new World(core, where, () => (clock += 10));
            for (const one of steps) {
              const time = world.take(one);
              if (time !== undefined) await time;
            }
            await world.end();
          },
        ),
        { numRuns },
      );
    },
  );
});
