import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Hub, roundRobin } from "../src/index.ts";
import { type Worker, workers } from "./workers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** One attempt that fails on whichever routee comes; resolves to that one. */
async function failOnce(hub: Hub<Worker>): Promise<Worker> {
  let used: Worker | undefined;
  const failing = hub.retry(1, (worker) => {
    used = worker;
    throw new Error("failed");
  });
  await expect(failing).rejects.toThrow("failed");
  return used!;
}

/** One attempt on each of `count` turns, which fails on `broken` only. */
async function work(hub: Hub<Worker>, count: number, broken: Worker): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    const run = (worker: Worker) => (worker === broken ? Promise.reject(new Error("failed")) : 1);
    await hub.retry(1, run).catch(() => {});
  }
}

const take = (hub: Hub<Worker>, count: number) => Array.from({ length: count }, () => hub.next());

describe("HubOptions.eject", () => {
  it("passes over a routee that failed as often as `after` says, until it has rested", async () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c], { eject: { after: 2, for: 1_000 } });
    await work(hub, 3, b);
    expect(take(hub, 3)).toEqual([a, b, c]);
    await work(hub, 3, b);
    expect(take(hub, 4)).toEqual([a, c, a, c]);
    vi.advanceTimersByTime(999);
    expect(take(hub, 2)).toEqual([a, c]);
    vi.advanceTimersByTime(1);
    expect(new Set(take(hub, 3))).toEqual(new Set([a, b, c]));
  });

  it("counts only failures in a row", async () => {
    const [a] = workers(1);
    const b = { name: "b" };
    const hub = roundRobin([a, b], { eject: { after: 2, for: 1_000 } });
    await work(hub, 2, a);
    await work(hub, 2, b);
    await work(hub, 2, a);
    expect(new Set(take(hub, 2))).toEqual(new Set([a, b]));
    await work(hub, 2, a);
    expect(take(hub, 2)).toEqual([b, b]);
  });

  it("begins to count anew after the rest", async () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { eject: { after: 2, for: 1_000 } });
    await work(hub, 4, a);
    expect(take(hub, 2)).toEqual([b, b]);
    vi.advanceTimersByTime(1_000);
    await work(hub, 2, a);
    expect(new Set(take(hub, 2))).toEqual(new Set([a, b]));
    await work(hub, 2, a);
    expect(take(hub, 2)).toEqual([b, b]);
  });

  it("uses all routees when all rest, and begins behind the one that failed last", async () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c], { eject: { after: 1, for: 1_000 } });
    expect([await failOnce(hub), await failOnce(hub), await failOnce(hub)]).toEqual([a, b, c]);
    expect(take(hub, 3)).toEqual([a, b, c]);
    expect(hub.length).toBe(3);
  });

  it("uses only those whose rest is over again, as soon as there is one", async () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { eject: { after: 1, for: 1_000 } });
    await failOnce(hub);
    vi.advanceTimersByTime(400);
    await failOnce(hub);
    expect(new Set(take(hub, 2))).toEqual(new Set([a, b]));
    vi.advanceTimersByTime(600);
    expect(take(hub, 2)).toEqual([a, a]);
    vi.advanceTimersByTime(400);
    expect(new Set(take(hub, 2))).toEqual(new Set([a, b]));
  });

  it("rests no longer when a routee fails again that was used because all rest", async () => {
    const [a] = workers(1);
    const hub = roundRobin([a], { eject: { after: 1, for: 1_000 } });
    await failOnce(hub);
    vi.advanceTimersByTime(500);
    await failOnce(hub);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(500);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(["round-robin", "random", "least-loaded"] as const)(
    "holds for strategy %s",
    async (strategy) => {
      const [a, b, c] = workers(3);
      const hub = new Hub([a, b, c], { strategy, eject: { after: 1, for: 1_000 } });
      const resting = await failOnce(hub);
      expect(new Set(take(hub, 100))).toEqual(
        new Set([a, b, c].filter((worker) => worker !== resting)),
      );
    },
  );

  it("changes nothing for broadcast, fanOut, fanOutWait, sticky, length and routees", async () => {
    const routees = workers(3);
    const hub = roundRobin(routees, { eject: { after: 1, for: 1_000 } });
    const keys = Array.from({ length: 100 }, (_, key) => key);
    const before = keys.map((key) => hub.sticky(key));
    await failOnce(hub);
    expect(keys.map((key) => hub.sticky(key))).toEqual(before);
    const told: Worker[] = [];
    hub.broadcast((worker) => told.push(worker));
    hub.fanOut((worker) => told.push(worker));
    expect(told).toEqual([...routees, ...routees]);
    expect(await hub.fanOutWait((worker) => worker)).toEqual(routees);
    expect(hub.length).toBe(3);
    expect(hub.routees).toEqual(routees);
  });

  it("counts failures through retry only", async () => {
    const routees = workers(2);
    const hub = roundRobin(routees, { eject: { after: 1, for: 1_000 } });
    const fail = () => Promise.reject(new Error("failed"));
    hub.fanOut(fail);
    await expect(hub.fanOutWait(fail)).rejects.toThrow("failed");
    expect(take(hub, 2)).toEqual(routees);
  });

  it("does not count what ends because the caller gave up", async () => {
    const routees = workers(2);
    const hub = roundRobin(routees, { eject: { after: 1, for: 1_000 } });
    const giveUp = new AbortController();
    const failing = hub.retry(
      2,
      (_, { signal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("was aborted")));
        }),
      { signal: giveUp.signal },
    );
    giveUp.abort();
    await expect(failing).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
    expect(take(hub, 2)).toEqual([routees[1], routees[0]]);
  });

  it("counts an attempt of a retry that ended well later", async () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { eject: { after: 1, for: 1_000 } });
    expect(await hub.retry(2, (w) => (w === a ? Promise.reject(new Error("failed")) : w))).toBe(b);
    expect(take(hub, 2)).toEqual([b, b]);
  });

  it("ends the rest of a routee that is removed, also when it fails after that", async () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c], { eject: { after: 1, for: 1_000 } });
    expect(await failOnce(hub)).toBe(a);
    expect(vi.getTimerCount()).toBe(1);
    hub.remove(a);
    expect(vi.getTimerCount()).toBe(0);
    const failing = hub.retry(1, (worker) => {
      hub.remove(worker);
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
    expect(vi.getTimerCount()).toBe(0);
    expect(hub.routees).toEqual([c]);
    hub.add(a);
    expect(new Set(take(hub, 2))).toEqual(new Set([a, c]));
  });

  it("does not keep the process alive", async () => {
    const unref = vi.fn();
    vi.spyOn(globalThis, "setTimeout").mockReturnValue({ unref } as never);
    await failOnce(roundRobin(workers(2), { eject: { after: 1, for: 1_000 } }));
    expect(unref).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });

  it("works where timers are numbers, as in browsers", async () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout").mockReturnValue(7 as never);
    const hub = roundRobin(workers(2), { eject: { after: 1, for: 1_000 } });
    const resting = await failOnce(hub);
    expect(take(hub, 2)).not.toContain(resting);
    setTimer.mock.calls[0]![0]();
    expect(take(hub, 2)).toContain(resting);
    vi.restoreAllMocks();
  });

  it("lets a retry use those that rest last, and none twice before all were used", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("round-robin", "random", "least-loaded"),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 18 }),
        fc.nat(6),
        fc.integer({ min: 1, max: 3 }),
        async (strategy, count, limit, failed, after) => {
          const hub = new Hub(workers(count), { strategy, eject: { after, for: 1_000 } });
          const failures = new Map<Worker, number>();
          const fail = (worker: Worker): never => {
            failures.set(worker, (failures.get(worker) ?? 0) + 1);
            throw new Error("failed");
          };
          for (let once = 0; once < failed; once++) await hub.retry(1, fail).catch(() => {});
          const awake = hub.routees.filter((worker) => (failures.get(worker) ?? 0) < after);
          const seen: Worker[] = [];
          await hub
            .retry(limit, (worker) => {
              seen.push(worker);
              return fail(worker);
            })
            .catch(() => {});
          expect(seen).toHaveLength(limit);
          const first = seen.slice(0, Math.min(limit, awake.length));
          expect(first.filter((worker) => !awake.includes(worker))).toEqual([]);
          for (let round = 0; round < limit; round += count) {
            const used = seen.slice(round, round + count);
            expect(new Set(used).size).toBe(used.length);
          }
          vi.clearAllTimers();
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[unknown, ErrorConstructor, string]>([
    [true, TypeError, "`eject` must be an object, got true"],
    [null, TypeError, "`eject` must be an object, got null"],
    [{ after: 1, for: 1, since: 1 }, TypeError, "unknown option `eject.since`"],
    [{ for: 1 }, TypeError, "`eject.after` must be an integer of 1 or more, got undefined"],
    [{ after: 0, for: 1 }, RangeError, "`eject.after` must be an integer of 1 or more, got 0"],
    [
      { after: 1 },
      TypeError,
      "`eject.for` must be milliseconds from 1 to 2147483647, got undefined",
    ],
    [
      { after: 1, for: -1 },
      RangeError,
      "`eject.for` must be milliseconds from 1 to 2147483647, got -1",
    ],
    [
      { after: 1, for: 2 ** 31 },
      RangeError,
      "`eject.for` must be milliseconds from 1 to 2147483647, got 2147483648",
    ],
  ])("throws at creation when it is %o", (eject, type, message) => {
    expect(() => roundRobin(workers(2), { eject: eject as never })).toThrow(
      new type(`Cannot create hub: ${message}`),
    );
  });

  it("keeps the rule it was created with when the caller changes its object later", async () => {
    const eject = { after: 1, for: 1_000 };
    const hub = roundRobin(workers(2), { eject });
    eject.after = 100;
    const resting = await failOnce(hub);
    expect(take(hub, 2)).not.toContain(resting);
  });
});

describe("Hub.ejected", () => {
  const fail = (error: unknown) => (): never => {
    throw error;
  };
  const ejectedOf = (hub: Hub<Worker>) => hub.ejected.map(({ routee }) => routee);

  it("tells who rests, until when and why, in the order of addition", async () => {
    vi.setSystemTime(50_000);
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c], { eject: { after: 1, for: 1_000 } });
    expect(hub.ejected).toEqual([]);
    await work(hub, 2, b);
    vi.advanceTimersByTime(400);
    await hub.retry(1, (worker) => (worker === c ? fail("refused")() : worker)).catch(() => {});
    await hub.retry(1, (worker) => (worker === a ? fail("no route")() : worker)).catch(() => {});
    expect(hub.ejected).toEqual([
      { routee: a, until: 51_400, error: "no route" },
      { routee: b, until: 51_000, error: new Error("failed") },
      { routee: c, until: 51_400, error: "refused" },
    ]);
    vi.advanceTimersByTime(600);
    expect(ejectedOf(hub)).toEqual([a, c]);
    vi.advanceTimersByTime(400);
    expect(hub.ejected).toEqual([]);
  });

  it("tells the failure that sent it to rest, not those before and after", async () => {
    const [a] = workers(1);
    const hub = roundRobin([a], { eject: { after: 2, for: 1_000 } });
    for (const error of ["first", "second", "third"]) {
      await hub.retry(1, fail(error)).catch(() => {});
    }
    expect(hub.ejected).toEqual([{ routee: a, until: Date.now() + 1_000, error: "second" }]);
  });

  it("tells nobody when failures send nobody to rest", async () => {
    const hub = roundRobin(workers(2));
    await failOnce(hub);
    expect(hub.ejected).toEqual([]);
  });

  it("tells no more of a routee that was removed, nor when it comes again", async () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { eject: { after: 1, for: 1_000 } });
    expect(await failOnce(hub)).toBe(a);
    const before = hub.ejected;
    hub.remove(a);
    expect(hub.ejected).toEqual([]);
    hub.add(a);
    expect(hub.ejected).toEqual([]);
    expect(before.map(({ routee }) => routee)).toEqual([a]);
  });
});
