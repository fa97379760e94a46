import { Supervisor, type SupervisorObserver } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("Supervisor.observe", () => {
  it("tells of everything here and below, like the observer of the options", async () => {
    const [given, added] = [new Recorder(), new Recorder()];
    const leaf = new Puppet("leaf");
    const branch = new Supervisor("branch", { actors: [leaf] });
    const root = new Supervisor("root", { actors: [branch], observer: given });
    root.observe(added);
    root.start();
    leaf.life.ready();
    leaf.life.crash();
    await pass(1_000);
    await root.stop();
    expect(added.lines).toEqual(given.lines);
    expect(added.lines).toContain("ready leaf");
  });

  it("tells from now on, and nothing any more when it was removed", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    const remove = root.observe(recorder);
    worker.life.ready();
    remove();
    remove();
    await root.stop();
    expect(recorder.lines).toEqual(["ready worker"]);
  });

  it("tells an observer as often as it was added", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    const remove = root.observe(recorder);
    root.observe(recorder);
    root.start();
    remove();
    worker.life.ready();
    expect(recorder.lines).toEqual([
      "registered worker",
      "registered worker",
      "started worker",
      "started worker",
      "ready worker",
    ]);
    await root.stop();
  });

  it("may be used, and undone, inside of a callback", async () => {
    const story: string[] = [];
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    const late: SupervisorObserver = { onActorReady: () => story.push("late ready") };
    const removeOther = root.observe({ onActorReady: () => story.push("other ready") });
    root.observe({
      onActorStarted() {
        story.push("started");
        removeOther();
        root.observe(late);
      },
    });
    root.start();
    worker.life.ready();
    expect(story).toEqual(["started", "late ready"]);
    await root.stop();
  });

  it("spares one that the observer before it has just removed", async () => {
    const story: string[] = [];
    const root = new Supervisor("root", { actors: [new Puppet("worker")] });
    root.observe({ onActorStarted: () => remove() });
    const remove = root.observe({ onActorStarted: () => story.push("started") });
    root.start();
    await root.stop();
    expect(story).toEqual([]);
  });

  it("refuses what is no object", () => {
    const root = new Supervisor("root");
    for (const value of [undefined, null, "observer", () => {}]) {
      expect(() => root.observe(value as never)).toThrow(
        new TypeError(
          `Cannot observe supervisor "root": \`observer\` must be an object, got ${
            typeof value === "string" ? '"observer"' : String(value)
          }`,
        ),
      );
    }
  });
});
