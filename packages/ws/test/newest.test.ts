import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Newest } from "../src/lib/newest.ts";
import { turns } from "./supervised.ts";

describe("Newest", () => {
  it("is an array of which only the newest are kept, whatever is done to it", () => {
    const doing = fc.array(fc.constantFrom("push", "push", "push", "shift", "clear"), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), doing, (capacity, steps) => {
        const newest = new Newest<number>(capacity);
        const model: number[] = [];
        const outcomes: unknown[] = [];
        const expected: unknown[] = [];
        for (const [value, step] of steps.entries()) {
          if (step === "clear") {
            newest.clear();
            model.length = 0;
          } else if (step === "push") {
            outcomes.push(newest.push(value));
            expected.push(model.push(value) > capacity);
            if (model.length > capacity) model.shift();
          } else if (model.length > 0) {
            outcomes.push(newest.shift());
            expected.push(model.shift());
          }
          outcomes.push(newest.length);
          expected.push(model.length);
        }
        expect(outcomes).toEqual(expected);
      }),
    );
  });

  it("keeps its memory bounded by what it holds, however large it may grow", async () => {
    const newest = new Newest<object>(2 ** 32 - 1);
    const first = new WeakRef(fill(newest));
    for (let count = 0; count < 100_000; count++) {
      newest.push({});
      newest.shift();
    }
    expect(newest.length).toBe(1);
    newest.shift();
    // What a WeakRef was made of in this turn lives until the next one.
    await turns(1);
    globalThis.gc!();
    expect(first.deref()).toBeUndefined();
  });
});

function fill(newest: Newest<object>): object {
  const value = {};
  newest.push(value);
  return value;
}
