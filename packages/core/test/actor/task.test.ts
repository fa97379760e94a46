import { type ActorContext, Supervisor, task } from "@sup/core";
import { describe, expect, it } from "vitest";

describe("task", () => {
  it("is one run of its function, with the context of its life", async () => {
    const contexts: ActorContext[] = [];
    const once = task("once", async (context) => void contexts.push(context));
    expect(once.name).toBe("once");
    expect(once.kind).toBe("task");
    await using root = new Supervisor("root");
    root.start();
    expect(await root.spawn(once).done).toBeUndefined();
    expect(contexts).toHaveLength(1);
    expect(contexts[0]!.restarts).toBe(0);
    expect(contexts[0]!.signal.aborted).toBe(true);
  });

  it("may be a function without a promise", async () => {
    await using root = new Supervisor("root");
    root.start();
    let runs = 0;
    expect(await root.spawn(task("once", () => void runs++)).done).toBeUndefined();
    expect(runs).toBe(1);
  });

  it.each(["throws", "rejects"])("crashes when its function %s", async (how) => {
    const boom = new Error("boom");
    const broken = task("broken", () => {
      if (how === "throws") throw boom;
      return Promise.reject(boom);
    });
    await using root = new Supervisor("root", { policy: "temporary" });
    root.start();
    expect(await root.spawn(broken).done).toBe(boom);
  });

  it.each([
    [undefined, TypeError],
    ["", RangeError],
  ])("refuses the name %s", (name, kind) => {
    const create = () => task(name as string, () => {});
    expect(create).toThrow(kind);
    expect(create).toThrow(/^Cannot create task: `name` must be a string that is not empty, got /);
  });

  it.each([undefined, {}, "run"])("refuses %s in place of a function", (run) => {
    const create = () => task("once", run as never);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(/^Cannot create task "once": `run` must be a function, got /);
  });
});
