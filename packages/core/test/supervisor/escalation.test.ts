import { RestartLimitError, Supervisor, type SupervisorOptions } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

const strict: SupervisorOptions = { restartLimit: { maxRestarts: 0, window: 1 } };

function causesOf(error: unknown): string[] {
  const messages: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) {
    messages.push(
      each instanceof RestartLimitError ? `gave up on ${each.actorName}` : each.message,
    );
  }
  return messages;
}

describe("escalation", () => {
  it("keeps the cause through three levels", async () => {
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const outer = new Supervisor("outer", { ...strict, actors: [inner] });
    const root = new Supervisor("root", { ...strict, actors: [outer] });
    const failed = root.run().catch((error: unknown) => error);
    const first = new Error("the first crash", { cause: new Error("its own cause") });
    leaf.life.crash(first);
    expect(causesOf(await failed)).toEqual([
      "gave up on outer",
      "gave up on inner",
      "gave up on leaf",
      "the first crash",
      "its own cause",
    ]);
  });

  it("keeps what was thrown where that was no error", async () => {
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const root = new Supervisor("root", { ...strict, actors: [inner] });
    const failed = root.run().catch((error: unknown) => error);
    const thrown = { code: 7 };
    leaf.life.crash(thrown);
    let last: unknown = await failed;
    while (last instanceof Error) last = last.cause;
    expect(last).toBe(thrown);
  });

  it("is a crash to the supervisor above, whose policy applies", async () => {
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const recorder = new Recorder();
    const errors: string[] = [];
    const root = new Supervisor("root", {
      actors: [inner],
      observer: recorder,
      onError: (actor, error) => errors.push(`${actor.name}: ${causesOf(error).join(", ")}`),
    });
    root.start();
    recorder.clear();
    leaf.life.crash(new Error("boom"));
    await pass(1_000);
    expect(recorder.lines.map((line) => line.split(":")[0])).toEqual([
      "stopped leaf",
      "terminal",
      "stopped inner",
      "restarting inner",
      "started inner",
      "registered leaf",
      "started leaf",
    ]);
    expect(errors).toEqual(["inner: gave up on leaf, boom"]);
    expect(leaf.lives.length).toBe(2);
    await root.stop();
  });

  it("restarts a transient nested supervisor that gave up: giving up never looks like a clean end", async () => {
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const root = new Supervisor("root", { actors: [inner], policy: "transient" });
    root.start();
    for (let round = 1; round <= 3; round++) {
      leaf.life.crash();
      await pass(1_000);
      expect(root.children[0]?.restarts).toBe(round);
    }
    expect(leaf.lives.length).toBe(4);
    await root.stop();
  });

  it("leaves a temporary nested supervisor failed, and the one above goes on", async () => {
    const [leaf, other] = [new Puppet("leaf"), new Puppet("other")];
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const root = new Supervisor("root", { actors: [{ actor: inner, policy: "temporary" }, other] });
    root.start();
    leaf.life.crash(new Error("boom"));
    await pass(10_000);
    expect(root.children.map(({ status }) => status)).toEqual(["failed", "running"]);
    expect(causesOf(await root.children[0]?.done)).toEqual(["gave up on leaf", "boom"]);
    await root.stop();
  });

  it("leaves nothing running: siblings at each level are stopped first", async () => {
    const recorder = new Recorder();
    const [leaf, twin, aunt] = [new Puppet("leaf"), new Puppet("twin"), new Puppet("aunt")];
    const inner = new Supervisor("inner", { ...strict, actors: [leaf, twin] });
    const root = new Supervisor("root", { ...strict, actors: [aunt, inner], observer: recorder });
    root.start();
    recorder.clear();
    leaf.life.crash(new Error("boom"));
    await root.wait();
    expect(recorder.lines.map((line) => line.split(":")[0])).toEqual([
      "stopped leaf",
      "terminal",
      "stopped twin",
      "stopped inner",
      "terminal",
      "stopped aunt",
    ]);
    expect([leaf.isRunning, twin.isRunning, aunt.isRunning]).toEqual([false, false, false]);
  });

  it("of a supervisor that is restarted at once does not find its former end in the way", async () => {
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { ...strict, actors: [leaf] });
    const root = new Supervisor("root", { actors: [inner], restartDelay: 0 });
    root.start();
    for (let round = 0; round < 50; round++) {
      leaf.life.crash();
      await pass(1);
    }
    expect([leaf.lives.length, root.children[0]?.restarts]).toEqual([51, 50]);
    await root.stop();
  });

  it("is not what a crash is during the stop", async () => {
    const [leaf, slow] = [new Puppet("leaf"), new Puppet("slow")];
    const root = new Supervisor("root", { ...strict, actors: [leaf, slow] });
    const ended = root.run();
    slow.life.hang();
    const stopped = root.stop();
    leaf.life.crash(new Error("boom"));
    await pass();
    slow.life.end();
    await stopped;
    await expect(ended).resolves.toBeUndefined();
    expect(root.snapshot().status).toBe("stopped");
  });
});
