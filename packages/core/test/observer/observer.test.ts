import { actor, Mailbox, Supervisor, type SupervisorObserver } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

describe("SupervisorObserver", () => {
  it("is told the whole story of an actor, in order, with its actor, errors and delays", async () => {
    const story: unknown[][] = [];
    const note =
      (event: string) =>
      (...values: unknown[]): void =>
        void story.push([event, ...values]);
    const observer: Required<SupervisorObserver> = {
      onActorRegistered: note("registered"),
      onActorStarted: note("started"),
      onActorReady: note("ready"),
      onActorStopped: note("stopped"),
      onActorRestarting: note("restarting"),
      onActorAbandoned: note("abandoned"),
      onMessageUndelivered: note("undelivered"),
      onSupervisorTerminal: note("terminal"),
    };
    const mailbox = new Mailbox<{ work(number: number): void }>();
    const worker = new Puppet("worker", { mailbox });
    const root = new Supervisor("root", {
      actors: [worker],
      restartLimit: { maxRestarts: 1, window: 10_000 },
      observer,
    });
    root.start();
    worker.life.ready();
    mailbox.cast("work", 7);
    const [first, second] = [new Error("first"), new Error("second")];
    worker.life.crash(first);
    await pass(1_000);
    worker.life.hang();
    worker.life.fail(second);
    await pass(5_000);
    expect(story).toEqual([
      ["registered", worker],
      ["started", worker],
      ["ready", worker],
      ["stopped", worker, first],
      ["restarting", worker, 1, first, 1_000],
      ["started", worker],
      ["abandoned", worker],
      [
        "undelivered",
        worker,
        expect.objectContaining({ type: "work", payload: 7 }),
        expect.objectContaining({ code: "ACTOR_STOPPED" }),
      ],
      ["terminal", expect.objectContaining({ code: "RESTART_LIMIT", cause: second })],
    ]);
    await root.wait();
  });

  it("may have any part of the callbacks", async () => {
    const started: string[] = [];
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      observer: { onActorStarted: ({ name }) => started.push(name) },
    });
    root.start();
    worker.life.crash();
    await pass(1_000);
    await root.stop();
    expect(started).toEqual(["worker", "worker"]);
  });

  it("is called as a method of the observer", async () => {
    class Counting implements SupervisorObserver {
      count = 0;
      onActorStarted(): void {
        this.count++;
      }
    }
    const observer = new Counting();
    const root = new Supervisor("root", { actors: [new Puppet("worker")], observer });
    root.start();
    expect(observer.count).toBe(1);
    await root.stop();
  });

  it("sees its supervisor and those nested below, and none above", async () => {
    const [outer, inner] = [new Recorder(), new Recorder()];
    const leaf = new Puppet("leaf");
    const branch = new Supervisor("branch", { actors: [leaf], observer: inner });
    const root = new Supervisor("root", { actors: [branch], observer: outer });
    root.start();
    leaf.life.ready();
    await root.stop();
    expect(inner.lines).toEqual(["registered leaf", "started leaf", "ready leaf", "stopped leaf"]);
    expect(outer.lines).toEqual([
      "registered branch",
      "started branch",
      "registered leaf",
      "started leaf",
      "ready leaf",
      "ready branch",
      "stopped leaf",
      "stopped branch",
    ]);
  });

  it("of a nested supervisor is told before those above", async () => {
    const told: string[] = [];
    const observerOf = (name: string): SupervisorObserver => ({
      onActorReady: (actor) => told.push(`${name}: ${actor.name}`),
    });
    const leaf = new Puppet("leaf");
    const inner = new Supervisor("inner", { actors: [leaf], observer: observerOf("inner") });
    const outer = new Supervisor("outer", { actors: [inner], observer: observerOf("outer") });
    const root = new Supervisor("root", { actors: [outer], observer: observerOf("root") });
    root.start();
    leaf.life.ready();
    expect(told).toEqual([
      "inner: leaf",
      "outer: leaf",
      "root: leaf",
      "outer: inner",
      "root: inner",
      "root: outer",
    ]);
    await root.stop();
  });

  it("sees the child in the state that it tells of", async () => {
    const seen: string[] = [];
    const note = (event: string) => (): void =>
      void seen.push(`${event}: ${root.children[0]?.status}`);
    const worker = new Puppet("worker");
    const root: Supervisor = new Supervisor("root", {
      actors: [worker],
      observer: {
        onActorRegistered: note("registered"),
        onActorStarted: note("started"),
        onActorReady: note("ready"),
        onActorStopped: note("stopped"),
        onActorRestarting: note("restarting"),
      },
    });
    root.start();
    worker.life.ready();
    worker.life.crash();
    await pass(1_000);
    await root.stop();
    expect(seen).toEqual([
      "registered: starting",
      "started: running",
      "ready: ready",
      "stopped: waiting",
      "restarting: waiting",
      "started: running",
      "stopped: stopped",
    ]);
  });

  it("is told of every message that will not be handled", async () => {
    const recorder = new Recorder();
    const server = actor("server", () => ({
      work(number: number) {
        if (number === 1) throw new Error("boom");
      },
    }));
    const root = new Supervisor("root", { actors: [server], observer: recorder });
    root.start();
    server.cast("work", 1);
    server.cast("work", 2);
    server.cast("nonsense" as "work", 3);
    server.cast("work", 4);
    await pass(1_000);
    const stopped = root.stop();
    expect(server.mailbox.length).toBe(0);
    await stopped;
    const undelivered = recorder.events.flatMap((event) =>
      event.type === "undelivered" ? [`${event.actor}: ${event.message} ${event.payload}`] : [],
    );
    expect(undelivered).toEqual(["server: work 1", "server: nonsense 3"]);
  });

  it("hears nothing of a supervisor that was left behind", async () => {
    const recorder = new Recorder();
    const leaf = new Puppet("leaf");
    const branch = new Supervisor("branch", { actors: [leaf], shutdownTimeout: Infinity });
    const actors = [{ actor: branch, shutdownTimeout: 10 }];
    const root = new Supervisor("root", { actors, observer: recorder });
    root.start();
    leaf.life.hang();
    const stopped = root.stop();
    await pass(10);
    await stopped;
    recorder.clear();
    leaf.life.end();
    await pass();
    expect(recorder.lines).toEqual([]);
  });

  it("is told of as many events as come from within a callback, at a constant cost each", async () => {
    const started: string[] = [];
    const count = 20_000;
    const root: Supervisor = new Supervisor("root", {
      observer: {
        onActorStarted: ({ name }) => {
          if (started.push(name) > 1) return;
          for (let index = 1; index < count; index++) {
            root.spawn({ name: `child ${index}`, run: () => {} }, { policy: "temporary" });
          }
        },
      },
    });
    root.start();
    root.spawn(new Puppet("first"));
    expect([started.length, started[0], started.at(-1)]).toEqual([
      count,
      "first",
      `child ${count - 1}`,
    ]);
    await root.stop();
  });
});

describe("callbacks that fail", () => {
  const ways: [how: string, fail: () => unknown][] = [
    [
      "throw",
      () => {
        throw new Error("thrown by a callback");
      },
    ],
    ["reject", () => Promise.reject(new Error("rejected by a callback"))],
    [
      "throw no error",
      () => {
        // oxlint-disable-next-line no-throw-literal
        throw undefined;
      },
    ],
  ];

  it.each(ways)("change nothing, and are logged, when they %s", async (_, fail) => {
    const onUnhandled = vi.fn();
    process.on("unhandledRejection", onUnhandled);
    const errors: unknown[][] = [];
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error: (...values: unknown[]) => void errors.push(values),
      child: () => logger,
    };
    const observer = Object.fromEntries(
      [
        "onActorRegistered",
        "onActorStarted",
        "onActorReady",
        "onActorStopped",
        "onActorRestarting",
        "onActorAbandoned",
        "onMessageUndelivered",
        "onSupervisorTerminal",
      ].map((name) => [name, fail]),
    );
    const recorder = new Recorder();
    const mailbox = new Mailbox<{ work(): void }>({ onUndelivered: fail });
    const worker = new Puppet("worker", { mailbox });
    const branch = new Supervisor("branch", {
      actors: [worker],
      restartLimit: { maxRestarts: 1, window: 10_000 },
      observer,
      onError: fail,
      logger,
    });
    const root = new Supervisor("root", {
      actors: [{ actor: branch, policy: "temporary" }],
      observer: recorder,
    });
    root.start();
    worker.life.ready();
    mailbox.cast("work");
    worker.life.crash(new Error("boom"));
    await pass(1_000);
    worker.life.hang();
    worker.life.fail(new Error("boom"));
    await pass(5_000);
    await root.wait();
    expect(recorder.lines.map((line) => line.split(":")[0])).toEqual([
      "registered branch",
      "started branch",
      "registered worker",
      "started worker",
      "ready worker",
      "ready branch",
      "stopped worker",
      "restarting worker",
      "started worker",
      "abandoned worker",
      "undelivered worker work",
      "terminal",
      "stopped branch",
    ]);
    const text = JSON.stringify(errors);
    for (const name of Object.keys(observer)) expect(text).toContain(name);
    expect(text).toContain("onError");
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 1));
    vi.useFakeTimers();
    process.off("unhandledRejection", onUnhandled);
    expect(onUnhandled).not.toHaveBeenCalled();
  });
});

describe("onError", () => {
  it("hears of each crash of an own child, not of those further below", async () => {
    const heard: string[] = [];
    const listen =
      (name: string) =>
      (actor: { name: string }, error: Error): void =>
        void heard.push(`${name}: ${actor.name} ${error.message}`);
    const [leaf, other] = [new Puppet("leaf"), new Puppet("other")];
    const branch = new Supervisor("branch", { actors: [leaf], onError: listen("branch") });
    const root = new Supervisor("root", { actors: [branch, other], onError: listen("root") });
    root.start();
    leaf.life.crash(new Error("boom"));
    other.life.crash(new Error("bang"));
    await pass();
    expect(heard).toEqual(["branch: leaf boom", "root: other bang"]);
    await root.stop();
    expect(heard.length).toBe(2);
  });

  it("is told of a crash once, also when that is the end of the supervisor", async () => {
    const onError = vi.fn();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", {
      actors: [worker],
      restartLimit: { maxRestarts: 0, window: 1 },
      onError,
    });
    root.start();
    const error = new Error("boom");
    worker.life.crash(error);
    await root.wait();
    expect(onError.mock.calls).toEqual([[worker, error]]);
  });
});
