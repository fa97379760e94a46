import { type Actor, actor, type ActorContext, type Child, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";

/** Its processor time in ms: what else the machine does costs none. */
async function costOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Many at once cost about what they cost in ten parts; they cost ten times that where each looks at all others. The least of
 * several rounds counts, as the collector of garbage only adds to it.
 */
async function expectFlat(work: (count: number) => Promise<void>, count: number): Promise<void> {
  let [whole, parts] = [Infinity, Infinity];
  for (let round = 0; round < 10 && !(whole / parts < 5); round++) {
    whole = Math.min(whole, await costOf(() => work(count)));
    const inParts = async () => {
      for (let part = 0; part < 10; part++) await work(count / 10);
    };
    parts = Math.min(parts, await costOf(inParts));
  }
  expect(whole / parts).toBeLessThan(5);
}

function idle(count: number): { name: string; run: () => Promise<void> }[] {
  const forever = new Promise<void>(() => {});
  return Array.from({ length: count }, (_, index) => ({ name: `${index}`, run: () => forever }));
}

function ready(count: number): Actor[] {
  return Array.from({ length: count }, (_, index) => actor(`${index}`, () => ({})));
}

describe("the cost of a child", { timeout: 240_000 }, () => {
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

  it("is the same when 10,000 crash and are restarted at once", async () => {
    const boom = new Error("boom");
    const forever = new Promise<void>(() => {});
    await expectFlat(async (count) => {
      let left = count;
      const again = Promise.withResolvers<void>();
      const run = ({ restarts }: ActorContext): Promise<void> => {
        if (restarts === 0) return Promise.reject(boom);
        if (--left === 0) again.resolve();
        return forever;
      };
      const actors = Array.from({ length: count }, (_, index) => ({ name: `${index}`, run }));
      const root = new Supervisor("root", { actors, restartDelay: 0, shutdownTimeout: 0 });
      root.start();
      await again.promise;
      expect(root.children.every(({ restarts }) => restarts === 1)).toBe(true);
    }, 10_000);
  });

  it("is the same when 5,000 are restarted as one group", async () => {
    await expectFlat(async (count) => {
      let lives = 0;
      const again = Promise.withResolvers<void>();
      const setUp = (): object => {
        if (++lives === count * 2) again.resolve();
        return {};
      };
      const middle = new Puppet("middle", { script: setUp });
      const actors = [
        ...Array.from({ length: count / 2 }, (_, index) => actor(`${index}`, setUp)),
        middle,
        ...Array.from({ length: count / 2 - 1 }, (_, index) => actor(`late ${index}`, setUp)),
      ];
      const root = new Supervisor("root", { actors, strategy: "one-for-all", restartDelay: 0 });
      root.start();
      middle.life.crash();
      await again.promise;
      await root.stop();
    }, 5_000);
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
