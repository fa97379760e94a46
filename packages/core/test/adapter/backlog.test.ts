import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backlog } from "../../src/lib/adapter/backlog.ts";

describe("Backlog", () => {
  it("is an array that is pushed and shifted, whatever is done to it", () => {
    const steps = fc.array(fc.constantFrom("push", "push", "push", "shift", "shift", "clear"), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, (doing) => {
        const backlog = new Backlog<number>();
        const model: number[] = [];
        const outcomes: unknown[] = [];
        const expected: unknown[] = [];
        for (const [item, step] of doing.entries()) {
          if (step === "clear") {
            backlog.clear();
            model.length = 0;
          } else if (step === "push") {
            backlog.push(item);
            model.push(item);
          } else if (model.length > 0) {
            outcomes.push(backlog.shift());
            expected.push(model.shift());
          }
          outcomes.push(backlog.length);
          expected.push(model.length);
        }
        expect(outcomes).toEqual(expected);
      }),
    );
  });

  it("keeps its memory bounded by what it holds, and nothing that was taken", async () => {
    const backlog = new Backlog<object>();
    const first = new WeakRef(fill(backlog));
    for (let count = 0; count < 100_000; count++) {
      backlog.push({});
      backlog.shift();
    }
    expect(backlog.length).toBe(1);
    backlog.push({});
    backlog.shift();
    // What a WeakRef was made of in this turn lives until the next one.
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc!();
    expect(first.deref()).toBeUndefined();
  });
});

function fill(backlog: Backlog<object>): object {
  const item = {};
  backlog.push(item);
  return item;
}
