import { type Actor, actor, type Child, RestartLimitError, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";

/** The least of three times that `work` takes with `count` of them, in ms. */
async function timeOf(work: (count: number) => Promise<void>, count: number): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    await work(count);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Ten times as many take about ten times as long where each costs the same; a hundred times where each costs as many. */
async function expectFlat(work: (count: number) => Promise<void>, count: number): Promise<void> {
  await work(count);
  const few = await timeOf(work, count / 10);
  const many = await timeOf(work, count);
  expect(many / few).toBeLessThan(40);
}

function idle(count: number): { name: string; run: () => Promise<void> }[] {
  const forever = new Promise<void>(() => {});
  return Array.from({ length: count }, (_, index) => ({ name: `${index}`, run: () => forever }));
}

function ready(count: number): Actor[] {
  return Array.from({ length: count }, (_, index) => actor(`${index}`, () => ({})));
}

function waiting(count: number): Puppet[] {
  return Array.from({ length: count }, (_, index) => new Puppet(`${index}`));
}

describe("the cost of a child", { timeout: 60_000 }, () => {
  it("is the same when it is one of 20,000 that are started and stopped", async () => {
    await expectFlat(async (count) => {
      const root = new Supervisor("root", { actors: ready(count) });
      root.start();
      await root.stop();
    }, 20_000);
  });

  it("is the same when it is spawned and stopped among 8,000, in any order", async () => {
    await expectFlat(async (count) => {
      const root = new Supervisor("root");
      root.start();
      const children: Child[] = ready(count).map((each) => root.spawn(each));
      const order = children.map((_, index) => (index * 7_919) % count);
      for (const index of order) await children[index]?.stop();
      expect(root.children.length).toBe(0);
      await root.stop();
    }, 8_000);
  });

  it("is the same when 3,000 crash and are restarted at once", async () => {
    await expectFlat(async (count) => {
      const puppets = waiting(count);
      const root = new Supervisor("root", { actors: puppets, restartDelay: 0 });
      root.start();
      for (const { life } of puppets) life.crash();
      while (puppets.some(({ lives }) => lives.length < 2)) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await root.stop();
    }, 3_000);
  });

  it("is the same when 3,000 are restarted as one group", async () => {
    await expectFlat(async (count) => {
      const puppets = waiting(count);
      const root = new Supervisor("root", {
        actors: puppets,
        strategy: "one-for-all",
        restartDelay: 0,
      });
      root.start();
      puppets[count / 2]?.life.crash();
      while (puppets.at(-1)?.lives.length !== 2) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(puppets.every(({ lives }) => lives.length === 2)).toBe(true);
      await root.stop();
    }, 3_000);
  });

  it("is the same when 3,000 of a supervisor with an observer become ready in order", async () => {
    await expectFlat(async (count) => {
      const recorder = new Recorder();
      const actors = ready(count);
      const root = new Supervisor("root", { actors, startup: "ordered", observer: recorder });
      root.start();
      await recorder.until(({ type }) => type === "ready");
      expect(root.snapshot().status).toBe("ready");
      await root.stop();
      expect(recorder.events.length).toBe(count * 4);
    }, 3_000);
  });

  it("is paid for 100,000 of them without a look at the others", async () => {
    const root = new Supervisor("root");
    root.start();
    const children = idle(100_000).map((each) => root.spawn(each, { shutdownTimeout: 0 }));
    expect(root.children.length).toBe(100_000);
    const [some] = children.slice(50_000);
    await some?.stop();
    expect(root.children.length).toBe(99_999);
    expect(root.snapshot().children?.length).toBe(99_999);
  });
});

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
