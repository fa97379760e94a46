import { Mailbox, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "./clock.ts";

useFakeTime();

describe("Recorder", () => {
  it("keeps each event as plain data, and as a line", async () => {
    const recorder = new Recorder();
    const mailbox = new Mailbox<{ work(number: number): void }>();
    const worker = new Puppet("worker", { mailbox });
    const root = new Supervisor("root", {
      actors: [worker],
      restartLimit: { maxRestarts: 1, window: 10_000 },
      observer: recorder,
    });
    root.start();
    worker.life.ready();
    mailbox.cast("work", 7);
    worker.life.crash(new Error("first"));
    await pass(1_000);
    worker.life.hang();
    worker.life.fail(new Error("second"));
    await pass(5_000);
    await root.wait();
    const [undelivered, terminal] = recorder.events.slice(-2) as { error: string }[];
    expect(recorder.events).toEqual([
      { type: "registered", actor: "worker" },
      { type: "started", actor: "worker" },
      { type: "ready", actor: "worker" },
      { type: "stopped", actor: "worker", error: "first" },
      { type: "restarting", actor: "worker", restartCount: 1, delay: 1_000, error: "first" },
      { type: "started", actor: "worker" },
      { type: "abandoned", actor: "worker" },
      {
        type: "undelivered",
        actor: "worker",
        message: "work",
        payload: 7,
        error: expect.stringContaining("worker") as string,
      },
      { type: "terminal", error: expect.stringContaining("worker") as string },
    ]);
    expect(recorder.lines).toEqual([
      "registered worker",
      "started worker",
      "ready worker",
      "stopped worker: first",
      "restarting worker: first",
      "started worker",
      "abandoned worker",
      `undelivered worker work: ${undelivered?.error}`,
      `terminal: ${terminal?.error}`,
    ]);
    expect(JSON.parse(JSON.stringify(recorder.events))).toEqual(recorder.events);
  });

  it("waits for a line, for the number of times that it is asked for", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    const seen: string[] = [];
    void recorder.until("started worker").then(() => seen.push("first"));
    void recorder.until("started worker", 2).then(() => seen.push("second"));
    root.start();
    await pass();
    expect(seen).toEqual(["first"]);
    await recorder.until("started worker");
    worker.life.crash();
    await pass(1_000);
    expect(seen).toEqual(["first", "second"]);
    await root.stop();
  });

  it("waits for an event that a function knows, and gives it", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    const restarting = recorder.until((event) => event.type === "restarting" && event.delay > 500);
    root.start();
    worker.life.crash(new Error("boom"));
    await pass();
    expect(await restarting).toMatchObject({ type: "restarting", delay: 1_000, error: "boom" });
    await root.stop();
  });

  it("forgets what happened so far when it is cleared", async () => {
    const recorder = new Recorder();
    const root = new Supervisor("root", { actors: [new Puppet("worker")], observer: recorder });
    root.start();
    recorder.clear();
    const onSeen = vi.fn();
    void recorder.until("started worker").then(onSeen);
    await root.stop();
    expect(recorder.lines).toEqual(["stopped worker"]);
    expect(onSeen).not.toHaveBeenCalled();
  });
});
