import { Mailbox, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
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
    const recorder = new Recorder({ timeout: 20 });
    const root = new Supervisor("root", { actors: [new Puppet("worker")], observer: recorder });
    root.start();
    recorder.clear();
    await expect(recorder.until("started worker")).rejects.toThrow("nothing was recorded");
    await root.stop();
    expect(recorder.lines).toEqual(["stopped worker"]);
  });

  it("gives up after its timeout of real time, with what was waited for and what was recorded", async () => {
    const recorder = new Recorder({ timeout: 20 });
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    await expect(recorder.until("ready worker")).rejects.toThrow(
      'Cannot wait longer than 20 ms for "ready worker"; nothing was recorded, as if no supervisor with this observer had been started',
    );
    root.start();
    await expect(recorder.until("started worker", 2)).rejects.toThrow(
      'Cannot wait longer than 20 ms for "started worker", which came 1 of 2 times; recorded:\n  registered worker\n  started worker',
    );
    const crashed = recorder.until((event) => event.type === "terminal");
    await expect(crashed).rejects.toThrow('for which (event) => event.type === "terminal" holds;');
    await root.stop();
  });

  it("shows the end of a long record", async () => {
    const recorder = new Recorder({ timeout: 20 });
    for (let index = 0; index < 50; index++) recorder.onActorReady({ name: `${index}`, run() {} });
    await expect(recorder.until("ready worker")).rejects.toThrow(
      "the last 40 of 50 events:\n  ready 10\n  ready 11\n",
    );
  });

  it("waits for ever when its timeout is Infinity", async () => {
    const recorder = new Recorder({ timeout: Infinity });
    const ready = recorder.until("ready worker");
    await pass(1_000_000);
    recorder.onActorReady({ name: "worker", run() {} });
    expect(await ready).toEqual({ type: "ready", actor: "worker" });
  });

  it("refuses options that make no sense", () => {
    expect(() => new Recorder({ timeout: -1 })).toThrow(
      "Cannot create recorder: `timeout` must be",
    );
    expect(() => new Recorder({ timeuot: 1 } as never)).toThrow("unknown option `timeuot`");
  });
});
