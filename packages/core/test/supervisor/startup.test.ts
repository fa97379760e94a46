import { actor, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

function puppetsOf(names: string): [Puppet, Puppet, Puppet] {
  return Array.from(names, (name) => new Puppet(name)) as [Puppet, Puppet, Puppet];
}

function started(...puppets: Puppet[]): number[] {
  return puppets.map(({ lives }) => lives.length);
}

describe("startup", () => {
  it("concurrent starts all at once, in order, and is the default", async () => {
    const recorder = new Recorder();
    const root = new Supervisor("root", { actors: puppetsOf("abc"), observer: recorder });
    root.start();
    expect(recorder.lines).toEqual([
      "registered a",
      "registered b",
      "registered c",
      "started a",
      "started b",
      "started c",
    ]);
    await root.stop();
  });

  describe("ordered", () => {
    it("starts the next one when the one before is ready", async () => {
      const [a, b, c] = puppetsOf("abc");
      const root = new Supervisor("root", { actors: [a, b, c], startup: "ordered" });
      root.start();
      await pass(60_000);
      expect(started(a, b, c)).toEqual([1, 0, 0]);
      expect(root.children.map(({ status }) => status)).toEqual([
        "running",
        "starting",
        "starting",
      ]);
      a.life.ready();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 0]);
      b.life.ready();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 1]);
      await root.stop();
    });

    it("starts the next one when the run of the one before has ended, by itself or by a crash", async () => {
      const [a, b, c] = puppetsOf("abc");
      const root = new Supervisor("root", { actors: [a, b, c], startup: "ordered" });
      root.start();
      a.life.end();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 0]);
      b.life.crash();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 1]);
      await pass(1_000);
      expect(started(a, b, c)).toEqual([1, 2, 1]);
      await root.stop();
    });

    it("starts the next one when the one before is stopped or left behind", async () => {
      const [a, b, c] = puppetsOf("abc");
      const root = new Supervisor("root", { actors: [a, b, c], startup: "ordered" });
      root.start();
      await root.children[0]?.stop();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 0]);
      b.life.hang();
      b.life.fail();
      await pass(5_000);
      expect(started(a, b, c)).toEqual([1, 1, 1]);
      await root.stop();
    });

    it("does not start one that was stopped before its turn", async () => {
      const [a, b, c] = puppetsOf("abc");
      const root = new Supervisor("root", { actors: [a, b, c], startup: "ordered" });
      root.start();
      await root.children[1]?.stop();
      a.life.ready();
      await pass();
      expect(started(a, b, c)).toEqual([1, 0, 1]);
      await root.stop();
    });

    it("starts those that are spawned meanwhile in their turn", async () => {
      const [a, b, late] = puppetsOf("abl");
      const root = new Supervisor("root", { actors: [a, b], startup: "ordered" });
      root.start();
      const child = root.spawn(late);
      expect([child.status, ...started(a, b, late)]).toEqual(["starting", 1, 0, 0]);
      a.life.ready();
      await pass();
      b.life.ready();
      await pass();
      expect(started(a, b, late)).toEqual([1, 1, 1]);
      late.life.ready();
      await pass();
      const [later] = puppetsOf("x");
      root.spawn(later);
      expect(later.lives.length).toBe(1);
      await root.stop();
    });

    it("starts no more when the supervisor is stopped meanwhile", async () => {
      const recorder = new Recorder();
      const [a, b, c] = puppetsOf("abc");
      const root = new Supervisor("root", {
        actors: [a, b, c],
        startup: "ordered",
        observer: recorder,
      });
      root.start();
      const children = root.children;
      await root.stop();
      await pass(1_000);
      expect(started(a, b, c)).toEqual([1, 0, 0]);
      expect(children.map(({ status }) => status)).toEqual(["stopped", "stopped", "stopped"]);
      expect(recorder.lines.slice(3)).toEqual(["started a", "stopped a"]);
    });

    it("waits for a nested supervisor until each of its children is ready or has ended", async () => {
      const [first, second, after] = puppetsOf("fsa");
      const branch = new Supervisor("branch", { actors: [first, second] });
      const root = new Supervisor("root", { actors: [branch, after], startup: "ordered" });
      root.start();
      first.life.ready();
      await pass();
      expect(started(after)).toEqual([0]);
      second.life.crash();
      await pass();
      expect(started(after)).toEqual([1]);
      await root.stop();
    });

    it("holds for the run that an observer starts in the middle of a start", async () => {
      const [a, b, c] = puppetsOf("abc");
      let left = 1;
      const root: Supervisor = new Supervisor("root", {
        actors: [a, b, c],
        startup: "ordered",
        observer: {
          onActorRegistered: () => {
            if (left-- <= 0) return;
            void root.stop();
            root.start();
          },
        },
      });
      root.start();
      expect(started(a, b, c)).toEqual([1, 0, 0]);
      a.life.ready();
      await pass();
      expect(started(a, b, c)).toEqual([1, 1, 0]);
      await root.stop();
      expect(root.snapshot().status).toBe("stopped");
    });

    it("waits through three levels", async () => {
      const [leaf, middle, after] = puppetsOf("lma");
      const inner = new Supervisor("inner", { actors: [leaf, middle], startup: "ordered" });
      const outer = new Supervisor("outer", { actors: [inner] });
      const root = new Supervisor("root", { actors: [outer, after], startup: "ordered" });
      root.start();
      leaf.life.ready();
      await pass();
      expect(started(leaf, middle, after)).toEqual([1, 1, 0]);
      middle.life.ready();
      await pass();
      expect(started(after)).toEqual([1]);
      await root.stop();
    });
  });

  it("makes an actor ready when its setup has returned", async () => {
    const recorder = new Recorder();
    let set = (): void => {};
    const slow = actor("slow", async () => {
      await new Promise<void>((resolve) => (set = resolve));
      return { ping: () => "pong" };
    });
    const root = new Supervisor("root", { actors: [slow], observer: recorder });
    root.start();
    await pass();
    expect(recorder.lines).not.toContain("ready slow");
    set();
    await pass();
    expect(recorder.lines).toContain("ready slow");
    await root.stop();
  });
});

describe("a supervisor's readiness", () => {
  it("comes at once when it has no actors", async () => {
    const recorder = new Recorder();
    const branch = new Supervisor("branch");
    const root = new Supervisor("root", { actors: [branch], observer: recorder });
    root.start();
    expect(root.snapshot().status).toBe("ready");
    expect(recorder.lines).toContain("ready branch");
    await root.stop();
  });

  it("comes with the last of its children, and is not taken back by a crash", async () => {
    const recorder = new Recorder();
    const [a, b] = puppetsOf("ab");
    const branch = new Supervisor("branch", { actors: [a, b] });
    const root = new Supervisor("root", { actors: [branch], observer: recorder });
    root.start();
    b.life.ready();
    expect(root.snapshot().status).toBe("running");
    a.life.ready();
    expect(root.snapshot().status).toBe("ready");
    expect(root.children[0]?.status).toBe("ready");
    a.life.crash();
    await pass(1_000);
    expect(root.children[0]?.status).toBe("ready");
    expect(recorder.lines.filter((line) => line === "ready branch").length).toBe(1);
    await root.stop();
  });

  it("does not wait for what is spawned later", async () => {
    const [a, late] = puppetsOf("al");
    const root = new Supervisor("root", { actors: [a] });
    root.start();
    root.spawn(late);
    a.life.ready();
    expect(root.snapshot().status).toBe("ready");
    await root.stop();
  });

  it("waits for what was spawned before the start", async () => {
    const [early] = puppetsOf("e");
    const root = new Supervisor("root");
    root.spawn(early);
    root.start();
    expect(root.snapshot().status).toBe("running");
    early.life.ready();
    expect(root.snapshot().status).toBe("ready");
    await root.stop();
  });

  it("comes anew in each run", async () => {
    const recorder = new Recorder();
    const [a, b] = puppetsOf("ab");
    const branch = new Supervisor("branch", { actors: [a, b] });
    const root = new Supervisor("root", { actors: [branch], observer: recorder });
    for (let run = 1; run <= 3; run++) {
      root.start();
      expect(root.snapshot().status).toBe("running");
      a.life.ready();
      expect(root.snapshot().status).toBe("running");
      if (run < 3) {
        await root.stop();
        continue;
      }
      b.life.ready();
      expect(root.snapshot().status).toBe("ready");
      await root.stop();
    }
    expect(recorder.lines.filter((line) => line === "ready branch").length).toBe(1);
  });
});
