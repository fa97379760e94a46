import { describe, expect, it } from "vitest";
import { Finding } from "../../pipeline/step.ts";
import { twoAtATime } from "../../pipeline/two-at-a-time.ts";

describe("twoAtATime", () => {
  it("begins with the next one when one of two has ended", async () => {
    const events: string[] = [];
    const last = Promise.withResolvers<void>();
    await twoAtATime(["a", "b", "c"], String, async (name) => {
      events.push(`${name} begins`);
      if (name === "a") await last.promise;
      if (name === "c") last.resolve();
      events.push(`${name} ends`);
    });
    expect(events).toEqual(["a begins", "b begins", "b ends", "c begins", "c ends", "a ends"]);
  });

  it("rejects with all findings when all were done", async () => {
    const done: string[] = [];
    const run = twoAtATime(
      ["a", "b", "c"],
      (name) => `item ${name}`,
      async (name) => {
        done.push(name);
        if (name !== "b") throw new Finding("no");
      },
    );
    await expect(run).rejects.toThrow(new Finding("item a: no\nitem c: no"));
    expect(done).toEqual(["a", "b", "c"]);
  });

  it("passes on what is no finding", async () => {
    const run = twoAtATime(["a"], String, () => Promise.reject(new TypeError("a bug")));
    await expect(run).rejects.toThrow(new TypeError("a bug"));
  });
});
