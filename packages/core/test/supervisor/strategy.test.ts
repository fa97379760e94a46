import { Supervisor, type SupervisorOptions } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface Family {
  readonly root: Supervisor;
  readonly recorder: Recorder;
  readonly puppets: Record<string, Puppet>;
  /** What happened since it was asked last. */
  readonly story: () => string[];
}

/** A running supervisor of puppets of these names, whose options stand under their name. */
function familyOf(
  names: string,
  options: SupervisorOptions,
  own: Record<string, object> = {},
): Family {
  const puppets = Object.fromEntries(Array.from(names, (name) => [name, new Puppet(name)]));
  const recorder = new Recorder();
  const root = new Supervisor("root", {
    restartDelay: 100,
    observer: recorder,
    ...options,
    actors: Object.entries(puppets).map(([name, actor]) => ({ actor, ...own[name] })),
  });
  root.start();
  const story = (): string[] => {
    const { lines } = recorder;
    recorder.clear();
    return lines;
  };
  story();
  return { root, recorder, puppets, story };
}

function livesOf({ puppets }: Family): Record<string, number> {
  return Object.fromEntries(Object.values(puppets).map(({ name, lives }) => [name, lives.length]));
}

function statusesOf({ root }: Family): Record<string, string> {
  return Object.fromEntries(root.children.map(({ actor, status }) => [actor.name, status]));
}

describe("strategy", () => {
  it("one-for-one restarts only the child that crashed", async () => {
    const family = familyOf("abc", {});
    family.puppets["b"]?.life.crash(new Error("boom"));
    await pass(100);
    expect(family.story()).toEqual(["stopped b: boom", "restarting b: boom", "started b"]);
    await family.root.stop();
  });

  it("one-for-all stops the siblings in reverse order and starts all in order", async () => {
    const family = familyOf("abcd", { strategy: "one-for-all" });
    family.puppets["b"]?.life.crash(new Error("boom"));
    await pass(100);
    expect(family.story()).toEqual([
      "stopped b: boom",
      "restarting b: boom",
      "stopped d",
      "stopped c",
      "stopped a",
      "started a",
      "started b",
      "started c",
      "started d",
    ]);
    await family.root.stop();
  });

  it("rest-for-one takes along only those that were started after the one that crashed", async () => {
    const family = familyOf("abcd", { strategy: "rest-for-one" });
    family.puppets["b"]?.life.crash(new Error("boom"));
    await pass(100);
    expect(family.story()).toEqual([
      "stopped b: boom",
      "restarting b: boom",
      "stopped d",
      "stopped c",
      "started b",
      "started c",
      "started d",
    ]);
    await family.root.stop();
  });

  it("rest-for-one restarts one alone when it is the last one", async () => {
    const family = familyOf("abc", { strategy: "rest-for-one" });
    family.puppets["c"]?.life.crash(new Error("boom"));
    await pass(100);
    expect(family.story()).toEqual(["stopped c: boom", "restarting c: boom", "started c"]);
    await family.root.stop();
  });

  it("takes along those that were spawned, in the order in which they were started", async () => {
    const family = familyOf("ab", { strategy: "one-for-all" });
    const late = new Puppet("late");
    family.root.spawn(late);
    family.story();
    family.puppets["a"]?.life.crash(new Error("boom"));
    await pass(100);
    expect(family.story()).toEqual([
      "stopped a: boom",
      "restarting a: boom",
      "stopped late",
      "stopped b",
      "started a",
      "started b",
      "started late",
    ]);
    await family.root.stop();
  });

  describe.each(["one-for-all", "rest-for-one"] as const)("%s", (strategy) => {
    it("waits for each sibling to end before the next is stopped, and for all of them before the delay's end counts", async () => {
      const family = familyOf("abc", { strategy });
      const { a, b, c } = family.puppets;
      b!.life.hang();
      c!.life.hang();
      a!.life.crash(new Error("boom"));
      await pass(50);
      expect([b!.life.state, c!.life.state]).toEqual(["running", "hanging"]);
      c!.life.end();
      await pass(300);
      expect([b!.life.state, c!.lives.length]).toEqual(["hanging", 1]);
      b!.life.end();
      await pass();
      expect(livesOf(family)).toEqual({ a: 2, b: 2, c: 2 });
      await family.root.stop();
    });

    it("keeps temporary siblings stopped, and those that had stopped for good", async () => {
      const family = familyOf(
        "abcd",
        { strategy, autoShutdown: "never" },
        {
          b: { policy: "temporary" },
        },
      );
      const { a, c, d } = family.puppets;
      c!.life.end();
      await family.root.children[3]?.stop();
      family.story();
      a!.life.crash(new Error("boom"));
      await pass(100);
      expect(family.story()).toEqual([
        "stopped a: boom",
        "restarting a: boom",
        "stopped b",
        "started a",
      ]);
      expect(statusesOf(family)).toEqual({
        a: "running",
        b: "stopped",
        c: "stopped",
        d: "stopped",
      });
      expect(d!.lives.length).toBe(1);
      await family.root.stop();
    });

    it("restarts no sibling when a temporary one crashes, or one ends for good", async () => {
      const family = familyOf(
        "abc",
        { strategy, autoShutdown: "never" },
        {
          a: { policy: "temporary" },
        },
      );
      family.puppets["a"]?.life.crash(new Error("boom"));
      family.puppets["b"]?.life.finish();
      await pass(1_000);
      expect(family.story()).toEqual(["stopped a: boom", "stopped b"]);
      await family.root.stop();
    });

    it("restarts a transient sibling though it ended cleanly when it was stopped", async () => {
      const family = familyOf("ab", { strategy }, { b: { policy: "transient" } });
      family.puppets["a"]?.life.crash();
      await pass(100);
      expect(livesOf(family)).toEqual({ a: 2, b: 2 });
      await family.root.stop();
    });

    it("counts once against the limit, however many siblings it takes along", async () => {
      const family = familyOf("abcdef", {
        strategy,
        restartLimit: { maxRestarts: 2, window: 10_000 },
      });
      for (let crash = 0; crash < 2; crash++) {
        family.puppets["a"]?.life.crash();
        await pass(100);
      }
      expect(family.root.snapshot().status).not.toBe("failed");
      expect(livesOf(family)).toEqual({ a: 3, b: 3, c: 3, d: 3, e: 3, f: 3 });
      family.puppets["b"]?.life.crash();
      await family.root.wait();
      expect(family.root.snapshot().status).toBe("failed");
    });

    it("counts once when siblings crash with the first one", async () => {
      const family = familyOf("abcd", {
        strategy,
        restartLimit: { maxRestarts: 1, window: 10_000 },
      });
      for (const puppet of Object.values(family.puppets)) puppet.life.crash(new Error("boom"));
      await pass(100);
      expect(family.story()).toEqual([
        "stopped a: boom",
        "restarting a: boom",
        "stopped b: boom",
        "stopped c: boom",
        "stopped d: boom",
        "started a",
        "started b",
        "started c",
        "started d",
      ]);
      expect(family.root.children.map(({ restarts }) => restarts)).toEqual([1, 1, 1, 1]);
      await family.root.stop();
    });

    it("counts once when a sibling crashes on its own while the group is being stopped, or waits", async () => {
      const family = familyOf("abc", {
        strategy,
        restartLimit: { maxRestarts: 1, window: 10_000 },
      });
      const { a, b, c } = family.puppets;
      c!.life.hang();
      a!.life.crash(new Error("first"));
      await pass(10);
      b!.life.crash(new Error("second"));
      await pass(10);
      c!.life.end();
      await pass(80);
      expect(family.story()).toEqual([
        "stopped a: first",
        "restarting a: first",
        "stopped b: second",
        "stopped c",
        "started a",
        "started b",
        "started c",
      ]);
      await family.root.stop();
    });

    it("counts again when a child crashes once the group has been started again", async () => {
      const family = familyOf("ab", {
        strategy,
        restartLimit: { maxRestarts: 1, window: 10_000 },
      });
      family.puppets["a"]?.life.crash();
      await pass(100);
      family.puppets["a"]?.life.crash();
      await family.root.wait();
      expect(family.root.snapshot().status).toBe("failed");
    });

    it("reports the crash of a sibling that was told to stop, and restarts it with the others", async () => {
      const errors: string[] = [];
      const family = familyOf("ab", {
        strategy,
        onError: (_, { message }) => errors.push(message),
      });
      family.puppets["b"]?.life.hang();
      family.puppets["a"]?.life.crash(new Error("first"));
      await pass(10);
      family.puppets["b"]?.life.crash(new Error("while stopping"));
      await pass(90);
      expect(errors).toEqual(["first", "while stopping"]);
      expect(livesOf(family)).toEqual({ a: 2, b: 2 });
      await family.root.stop();
    });

    it("leaves a sibling behind that does not end, and restarts it with the others", async () => {
      const family = familyOf("ab", { strategy, shutdownTimeout: 1_000 });
      family.puppets["b"]?.life.hang();
      family.puppets["a"]?.life.crash(new Error("boom"));
      const setTimer = vi.spyOn(globalThis, "setTimeout");
      await pass(1_000);
      await pass(1);
      expect(setTimer.mock.calls.map(([, delay]) => delay)).toEqual([1_000, 0]);
      expect(family.story()).toEqual([
        "stopped a: boom",
        "restarting a: boom",
        "abandoned b",
        "started a",
        "started b",
      ]);
      await family.root.stop();
    });

    it("does not restart a child that is stopped while the group waits", async () => {
      const family = familyOf("abc", { strategy });
      family.puppets["a"]?.life.crash(new Error("boom"));
      await pass(50);
      await family.root.children[0]?.stop();
      await family.root.children[1]?.stop();
      await pass(50);
      expect(livesOf(family)).toEqual({ a: 1, b: 1, c: 2 });
      expect(statusesOf(family)).toEqual({ a: "failed", b: "stopped", c: "running" });
      await family.root.stop();
    });

    it("restarts a child at once when that is asked for while the group waits, and the others in their time", async () => {
      const family = familyOf("abc", { strategy });
      family.puppets["a"]?.life.crash(new Error("boom"));
      await pass(50);
      await family.root.children[1]?.restart();
      expect(livesOf(family)).toEqual({ a: 1, b: 2, c: 1 });
      await pass(50);
      expect(livesOf(family)).toEqual({ a: 2, b: 2, c: 2 });
      await family.root.stop();
    });

    it("is over at once when the supervisor is stopped while the group is being stopped, or waits", async () => {
      const stopping = familyOf("abc", { strategy });
      stopping.puppets["c"]?.life.hang();
      stopping.puppets["a"]?.life.crash(new Error("boom"));
      await pass(50);
      const stopped = stopping.root.stop();
      await pass();
      stopping.puppets["c"]?.life.end();
      await stopped;
      expect(vi.getTimerCount()).toBe(0);
      expect(livesOf(stopping)).toEqual({ a: 1, b: 1, c: 1 });

      const waiting = familyOf("abc", { strategy });
      waiting.puppets["a"]?.life.crash(new Error("boom"));
      await pass(50);
      await waiting.root.stop();
      expect(vi.getTimerCount()).toBe(0);
      await pass(1_000);
      expect(livesOf(waiting)).toEqual({ a: 1, b: 1, c: 1 });
      expect(statusesOf(waiting)).toEqual({ a: "failed", b: "stopped", c: "stopped" });
    });

    it("restarts a group also when the former run ended while one was being restarted", async () => {
      const family = familyOf("ab", { strategy });
      family.puppets["a"]?.life.crash();
      await pass(50);
      await family.root.stop();
      family.root.start();
      family.puppets["a"]?.life.crash();
      await pass(100);
      expect(livesOf(family)).toEqual({ a: 3, b: 3 });
      await family.root.stop();
    });

    it("starts one that is spawned while the group waits at once, and not again with the group", async () => {
      const family = familyOf("ab", { strategy });
      family.puppets["a"]?.life.crash(new Error("boom"));
      await pass(50);
      const late = new Puppet("late");
      family.root.spawn(late);
      expect(late.lives.length).toBe(1);
      await pass(50);
      expect([late.lives.length, livesOf(family)]).toEqual([1, { a: 2, b: 2 }]);
      await family.root.stop();
    });

    it("tells of the restart of the one that crashed, and counts those that it was taken along in", async () => {
      const family = familyOf("ab", { strategy });
      family.puppets["a"]?.life.crash(new Error("boom"));
      await pass(100);
      expect(family.recorder.events.filter(({ type }) => type === "restarting")).toEqual([
        { type: "restarting", actor: "a", restartCount: 1, delay: 100, error: "boom" },
      ]);
      family.recorder.clear();
      family.puppets["b"]?.life.crash(new Error("bang"));
      await pass(100);
      expect(family.recorder.events.filter(({ type }) => type === "restarting")).toEqual([
        { type: "restarting", actor: "b", restartCount: 2, delay: 100, error: "bang" },
      ]);
      await family.root.stop();
    });

    it("counts restarts of every child that it starts again", async () => {
      const family = familyOf("abc", { strategy });
      family.puppets["a"]?.life.crash();
      await pass(100);
      family.puppets["c"]?.life.crash();
      await pass(100);
      const lives = Object.values(family.puppets).map(({ life }) => life.context.restarts);
      const told = family.root.children.map(({ restarts }) => restarts);
      expect(told).toEqual(strategy === "one-for-all" ? [2, 2, 2] : [1, 1, 2]);
      expect(lives).toEqual(told);
      await family.root.stop();
    });

    it("grows the delay with each restart of the group, whoever crashes", async () => {
      const family = familyOf("ab", { strategy, restartDelay: { initial: 100 } });
      const delays: number[] = [];
      for (const name of ["a", "b", "a"]) {
        family.puppets[name]?.life.crash();
        await pass();
        const event = family.recorder.events.findLast(({ type }) => type === "restarting");
        if (event?.type !== "restarting") throw new Error("nothing is restarting");
        delays.push(event.delay);
        await pass(event.delay);
      }
      expect(delays).toEqual([100, 200, 400]);
      await family.root.stop();
    });

    it("begins the delays of the group anew when the supervisor is started again", async () => {
      const family = familyOf("ab", { strategy, restartDelay: { initial: 100 } });
      for (let run = 0; run < 2; run++) {
        family.puppets["b"]?.life.crash();
        await pass(100);
        expect(family.puppets["b"]?.isRunning).toBe(true);
        await family.root.stop();
        family.root.start();
      }
      await family.root.stop();
    });

    it("starts the group in order of readiness when startup is ordered", async () => {
      const family = familyOf("abc", { strategy, startup: "ordered" });
      const { a, b, c } = family.puppets;
      for (const puppet of [a!, b!, c!]) {
        puppet.life.ready();
        await pass();
      }
      family.story();
      a!.life.crash(new Error("boom"));
      await pass(100);
      expect(livesOf(family)).toEqual({ a: 2, b: 1, c: 1 });
      a!.life.ready();
      await pass();
      b!.life.ready();
      await pass();
      expect(family.story()).toEqual([
        "stopped a: boom",
        "restarting a: boom",
        "stopped c",
        "stopped b",
        "started a",
        "ready a",
        "started b",
        "ready b",
        "started c",
      ]);
      await family.root.stop();
    });

    it("starts those whose turn had not come when an earlier one crashes before it is ready", async () => {
      const family = familyOf(
        "abc",
        { strategy, startup: "ordered" },
        {
          b: { policy: "temporary" },
        },
      );
      const { a, b, c } = family.puppets;
      a!.life.crash(new Error("boom"));
      await pass(100);
      a!.life.ready();
      await pass();
      b!.life.ready();
      await pass();
      c!.life.ready();
      await pass();
      expect(livesOf(family)).toEqual({ a: 2, b: 1, c: 1 });
      expect(family.root.snapshot().status).toBe("ready");
      await family.root.stop();
    });

    it("starts all when one throws as soon as it is started", async () => {
      const first = new Puppet("first", {
        script: ({ context }) => {
          if (context.restarts === 0) throw new Error("boom");
        },
      });
      const second = new Puppet("second");
      const root = new Supervisor("root", { actors: [first, second], strategy, restartDelay: 100 });
      root.start();
      await pass(100);
      expect([first.isRunning, second.isRunning]).toEqual([true, true]);
      const late = new Puppet("late");
      root.spawn(late);
      expect(late.isRunning).toBe(true);
      await root.stop();
    });
  });

  it("rest-for-one widens to an earlier sibling that crashes meanwhile, which counts for itself", async () => {
    const family = familyOf("abcd", {
      strategy: "rest-for-one",
      restartLimit: { maxRestarts: 2, window: 10_000 },
    });
    const { a, c } = family.puppets;
    c!.life.crash(new Error("first"));
    await pass(60);
    a!.life.crash(new Error("second"));
    await pass(60);
    expect(livesOf(family)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    await pass(40);
    expect(family.story()).toEqual([
      "stopped c: first",
      "restarting c: first",
      "stopped d",
      "stopped a: second",
      "restarting a: second",
      "stopped b",
      "started a",
      "started b",
      "started c",
      "started d",
    ]);
    expect(family.root.children.map(({ restarts }) => restarts)).toEqual([1, 1, 1, 1]);
    family.puppets["d"]?.life.crash();
    await family.root.wait();
    expect(family.root.snapshot().status).toBe("failed");
  });

  it("rest-for-one starts nothing of a group that was widened before the wider one is due", async () => {
    const family = familyOf("abcd", { strategy: "rest-for-one" });
    const { a, b, c } = family.puppets;
    c!.life.crash();
    await pass(60);
    b!.life.hang();
    a!.life.crash();
    await pass(60);
    expect(livesOf(family)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    b!.life.end();
    await pass(60);
    expect(livesOf(family)).toEqual({ a: 2, b: 2, c: 2, d: 2 });
    await family.root.stop();
  });

  it("rest-for-one keeps those that are started again when a later one of the group crashes before it is ready", async () => {
    const family = familyOf("abc", { strategy: "rest-for-one", startup: "ordered" });
    const { a, b, c } = family.puppets;
    for (const puppet of [a!, b!, c!]) {
      puppet.life.ready();
      await pass();
    }
    a!.life.crash();
    await pass(100);
    a!.life.ready();
    await pass();
    b!.life.crash();
    await pass(100);
    expect(livesOf(family)).toEqual({ a: 2, b: 3, c: 1 });
    b!.life.ready();
    await pass();
    expect(livesOf(family)).toEqual({ a: 2, b: 3, c: 2 });
    await family.root.stop();
  });

  it("stops and starts whole trees", async () => {
    const recorder = new Recorder();
    const [leaf, twin, other] = ["leaf", "twin", "other"].map((name) => new Puppet(name));
    const branch = new Supervisor("branch", { actors: [leaf!, twin!] });
    const root = new Supervisor("root", {
      actors: [other!, branch],
      strategy: "one-for-all",
      restartDelay: 100,
      observer: recorder,
    });
    root.start();
    recorder.clear();
    other!.life.crash(new Error("boom"));
    await pass(100);
    expect(recorder.lines).toEqual([
      "stopped other: boom",
      "restarting other: boom",
      "stopped twin",
      "stopped leaf",
      "stopped branch",
      "started other",
      "started branch",
      "registered leaf",
      "registered twin",
      "started leaf",
      "started twin",
    ]);
    await root.stop();
  });
});
