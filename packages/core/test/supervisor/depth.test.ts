import { RestartLimitError, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";

describe("a tree of 500 levels", () => {
  function nested(levels: number, leaf: Puppet, options: object): Supervisor[] {
    const supervisors: Supervisor[] = [];
    for (let level = levels; level > 0; level--) {
      const below = supervisors[0] ?? leaf;
      supervisors.unshift(new Supervisor(`level ${level}`, { ...options, actors: [below] }));
    }
    return supervisors;
  }

  it("starts, becomes ready, is shown and stops in order", async () => {
    const recorder = new Recorder();
    const leaf = new Puppet("leaf");
    const [top] = nested(500, leaf, {}) as [Supervisor];
    const root = new Supervisor("root", { actors: [top], observer: recorder });
    root.start();
    expect(recorder.events.length).toBe(1_002);
    leaf.life.ready();
    expect(root.snapshot().status).toBe("ready");
    expect(JSON.stringify(root.snapshot()).match(/"status":"ready"/g)?.length).toBe(502);
    recorder.clear();
    await root.stop();
    expect(recorder.lines.length).toBe(501);
    expect([recorder.lines[0], recorder.lines[1], recorder.lines.at(-1)]).toEqual([
      "stopped leaf",
      "stopped level 500",
      "stopped level 1",
    ]);
  });

  it("hands a failure up from the leaf to the root", async () => {
    const leaf = new Puppet("leaf");
    const strict = { restartLimit: { maxRestarts: 0, window: 1 } };
    const [root] = nested(500, leaf, strict) as [Supervisor];
    const failed = root.run().catch((error: unknown) => error);
    leaf.life.crash(new Error("boom"));
    let depth = 0;
    let cause = await failed;
    for (; cause instanceof RestartLimitError; cause = cause.cause) depth++;
    expect([depth, (cause as Error).message]).toEqual([500, "boom"]);
  });
});
