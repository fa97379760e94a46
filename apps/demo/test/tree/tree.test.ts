import { signal, trigger } from "@sup/bus";
import { actor, Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { treeOf } from "../../src/tree/tree.ts";

describe("treeOf", () => {
  it("is the snapshot, with the age, the error and the staleness of each value", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let trouble: Error | undefined;
    const level = signal(
      "level",
      () => {
        if (trouble !== undefined) throw trouble;
        return 7;
      },
      { interval: 1_000, staleAfter: 3_000 },
    );
    const values = new Supervisor("values", { actors: [level, trigger("valve", () => {})] });
    const root = new Supervisor("plant", { actors: [values, actor("pump", () => ({}))] });
    onTestFinished(() => root.stop());
    root.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(treeOf(root, Date.now())).toMatchObject(
      tree({ value: 7, age: 10, stale: false }, { stale: false }),
    );

    trouble = new Error("no answer");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(treeOf(root, Date.now())).toMatchObject(
      tree({ value: 7, age: 4_010, error: "no answer", stale: true }, { stale: false }),
    );
    expect(treeOf(root, Date.now()).children![1]).not.toHaveProperty("value");
    expect(JSON.parse(JSON.stringify(treeOf(root, 0)))).toEqual(treeOf(root, 0));
  });
});

function tree(level: object, valve: object): object {
  return {
    name: "plant",
    children: [
      {
        name: "values",
        children: [
          { name: "level", kind: "signal", value: level },
          { name: "valve", kind: "trigger", value: valve },
        ],
      },
      { name: "pump", kind: "actor" },
    ],
  };
}
