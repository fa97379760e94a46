import { type ChildOptions, Supervisor, type SupervisorOptions } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface Family {
  readonly root: Supervisor;
  readonly a: Puppet;
  readonly b: Puppet;
  readonly c: Puppet;
  readonly hasEnded: () => Promise<boolean>;
}

function familyOf(options: SupervisorOptions, own: Record<string, ChildOptions> = {}): Family {
  const [a, b, c] = [new Puppet("a"), new Puppet("b"), new Puppet("c")];
  const actors = [a, b, c].map((actor) => ({ actor, ...own[actor.name] }));
  const root = new Supervisor("root", { policy: "temporary", ...options, actors });
  root.start();
  const hasEnded = async (): Promise<boolean> => {
    await pass();
    return root.snapshot().status === "stopped";
  };
  return { root, a, b, c, hasEnded };
}

const significant = { significant: true };

describe("autoShutdown", () => {
  it("is all with actors: ends when the last child has stopped for good, however", async () => {
    const { root, a, b, c, hasEnded } = familyOf({});
    a.life.end();
    b.life.crash();
    expect(await hasEnded()).toBe(false);
    await root.children[2]?.stop();
    expect(c.life.state).toBe("ended");
    expect(await hasEnded()).toBe(true);
  });

  it("is all with actors: waits for those that will be restarted, and those that were spawned", async () => {
    const { root, a, b, c, hasEnded } = familyOf({}, { b: { policy: "permanent" } });
    const late = new Puppet("late");
    root.spawn(late);
    for (const puppet of [a, b, c]) puppet.life.end();
    expect(await hasEnded()).toBe(false);
    await pass(1_000);
    await root.children[1]?.stop();
    expect(await hasEnded()).toBe(false);
    late.life.end();
    expect(await hasEnded()).toBe(true);
  });

  it("is all with actors: ends at once when all end as they are started", async () => {
    const quick = { name: "quick", run: () => {} };
    const root = new Supervisor("root", { actors: [quick], startup: "ordered" });
    await root.run();
    expect(root.snapshot().status).toBe("stopped");
  });

  it("all does not end while children whose turn has not come are left", async () => {
    const { a, b, c, hasEnded } = familyOf({ startup: "ordered" });
    a.life.end();
    expect(await hasEnded()).toBe(false);
    b.life.end();
    await pass();
    c.life.end();
    expect(await hasEnded()).toBe(true);
  });

  it("is never without actors: a dynamic supervisor outlives its children", async () => {
    const root = new Supervisor("root");
    root.start();
    const worker = new Puppet("worker");
    const child = root.spawn(worker);
    worker.life.end();
    await child.done;
    await pass(60_000);
    expect(root.snapshot().status).toBe("ready");
    await root.stop();
  });

  it("never keeps a supervisor with actors running when all have stopped", async () => {
    const { root, a, b, c, hasEnded } = familyOf({ autoShutdown: "never" });
    for (const puppet of [a, b, c]) puppet.life.end();
    expect(await hasEnded()).toBe(false);
    await root.stop();
  });

  it("all ends a supervisor without actors at once, and one with spawned ones after them", async () => {
    await new Supervisor("empty", { autoShutdown: "all" }).run();
    const root = new Supervisor("root", { autoShutdown: "all" });
    const worker = new Puppet("worker");
    root.spawn(worker);
    root.start();
    worker.life.end();
    await root.wait();
    expect(root.snapshot().status).toBe("stopped");
  });

  describe("any-significant", () => {
    const options: SupervisorOptions = { autoShutdown: "any-significant" };

    it.each([
      ["ends", (puppet: Puppet) => puppet.life.end()],
      ["finishes", (puppet: Puppet) => puppet.life.finish()],
      ["crashes for good", (puppet: Puppet) => puppet.life.crash()],
    ])("ends cleanly, siblings stopped, when a significant child %s", async (_, end) => {
      const { a, b, c, hasEnded } = familyOf(options, { a: significant, b: significant });
      c.life.end();
      expect(await hasEnded()).toBe(false);
      end(b);
      expect(await hasEnded()).toBe(true);
      expect(a.life.state).toBe("ended");
    });

    it("does not mind bystanders, nor all of them", async () => {
      const { root, b, c, hasEnded } = familyOf(options, { a: significant });
      b.life.end();
      c.life.crash();
      expect(await hasEnded()).toBe(false);
      await root.stop();
    });

    it("does not count a child that is stopped, restarted, or will be restarted", async () => {
      const { root, a, b, c, hasEnded } = familyOf(options, {
        a: significant,
        b: significant,
        c: { significant: true, policy: "permanent" },
      });
      await root.children[0]?.stop();
      await root.children[1]?.restart();
      c.life.end();
      expect(await hasEnded()).toBe(false);
      await pass(1_000);
      expect([a.lives.length, b.lives.length, c.lives.length]).toEqual([1, 2, 2]);
      await root.stop();
    });

    it("does not count a temporary child that is stopped by its group", async () => {
      const { root, a, b, hasEnded } = familyOf(
        { ...options, strategy: "one-for-all" },
        { a: { policy: "permanent" }, b: significant },
      );
      a.life.crash();
      await pass(1_000);
      expect([a.lives.length, b.lives.length]).toEqual([2, 1]);
      expect(await hasEnded()).toBe(false);
      await root.stop();
    });

    it("counts a child that was spawned as significant", async () => {
      const { root, hasEnded } = familyOf(options);
      const late = new Puppet("late");
      root.spawn(late, significant);
      late.life.end();
      expect(await hasEnded()).toBe(true);
    });
  });

  describe("all-significant", () => {
    const options: SupervisorOptions = { autoShutdown: "all-significant" };

    it("ends when the last of the significant children has ended by itself", async () => {
      const { a, b, c, hasEnded } = familyOf(options, { a: significant, b: significant });
      a.life.end();
      c.life.end();
      expect(await hasEnded()).toBe(false);
      b.life.crash();
      expect(await hasEnded()).toBe(true);
    });

    it("ends though another significant child was stopped before", async () => {
      const { root, b, hasEnded } = familyOf(options, { a: significant, b: significant });
      await root.children[0]?.stop();
      b.life.end();
      expect(await hasEnded()).toBe(true);
    });

    it("does not end when the last one is stopped", async () => {
      const { root, a, hasEnded } = familyOf(options, { a: significant, b: significant });
      a.life.end();
      await root.children[1]?.stop();
      expect(await hasEnded()).toBe(false);
      await root.stop();
    });
  });

  it("of a nested supervisor is a clean end, which the policy above decides on", async () => {
    const [inner, outer] = [new Puppet("inner"), new Puppet("outer")];
    const branch = new Supervisor("branch", { actors: [inner] });
    const root = new Supervisor("root", { actors: [branch, outer] });
    root.start();
    inner.life.end();
    await pass(2_000);
    expect([root.children[0]?.status, inner.lives.length]).toEqual(["stopped", 1]);
    await root.stop();

    const again = new Supervisor("again", { actors: [branch], policy: "permanent" });
    again.start();
    inner.life.end();
    await pass(1_000);
    expect([again.children[0]?.restarts, inner.lives.length]).toEqual([1, 3]);
    await again.stop();
  });
});
