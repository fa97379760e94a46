import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Hub, leastLoaded, random, roundRobin } from "../src/index.ts";
import { Generator } from "../src/lib/generator.ts";
import { Slot } from "../src/lib/slot.ts";
import { LeastLoaded } from "../src/lib/strategies.ts";
import { chiSquare, chiSquareBound, tally, type Worker, workers } from "./workers.ts";

const take = <Routee>(hub: Hub<Routee>, count: number): Routee[] =>
  Array.from({ length: count }, () => hub.next());

/** Lets everything run that waits for nothing but promises that are settled. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("roundRobin", () => {
  it("takes the routees in order, again and again", () => {
    const [a, b, c] = workers(3);
    expect(take(roundRobin([a, b, c]), 7)).toEqual([a, b, c, a, b, c, a]);
  });

  it("begins with the first routee also when one is added before the first turn", () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b]);
    hub.add(c);
    expect(take(hub, 3)).toEqual([a, b, c]);
  });

  it("goes on with the one behind when the one whose turn it is goes", () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c]);
    hub.next();
    hub.remove(b);
    expect(take(hub, 3)).toEqual([c, a, c]);
  });

  it("keeps the turns of the others when one goes that had its turn", () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c]);
    take(hub, 2);
    hub.remove(a);
    expect(take(hub, 3)).toEqual([c, b, c]);
  });

  it("H1: gives each one turn in any window of n turns", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(200), (count, before) => {
        const routees = workers(count);
        const hub = roundRobin(routees);
        take(hub, before);
        expect(new Set(take(hub, count)).size).toBe(count);
      }),
    );
  });

  it("H1: gives those that stay exactly one turn between two of each other, whoever comes and goes", () => {
    const change = fc.oneof(
      { weight: 6, arbitrary: fc.constant("next") },
      { weight: 1, arbitrary: fc.constant("add") },
      { weight: 1, arbitrary: fc.nat(1_000) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(change, { maxLength: 120 }), run),
      { numRuns: 300 },
    );

    function run(count: number, changes: readonly (string | number)[]): void {
      const first = workers(count);
      const hub = roundRobin(first);
      const fairness = new Fairness();
      fairness.present(first);
      for (const change of changes) {
        if (change === "next") {
          fairness.turn(hub.next());
          continue;
        }
        if (change === "add") hub.add({ name: "late" });
        else if (hub.length > 1) hub.remove(hub.routees[Number(change) % hub.length]!);
        fairness.present(hub.routees);
      }
    }
  });

  it("H1: stays exactly fair among those that do not rest", async () => {
    vi.useFakeTimers();
    const change = fc.oneof(
      { weight: 6, arbitrary: fc.constant("next") },
      { weight: 2, arbitrary: fc.constant("fail") },
      { weight: 1, arbitrary: fc.nat(700) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(change, { maxLength: 100 }),
        async (count, changes) => {
          const all = workers(count);
          const hub = roundRobin(all, { eject: { after: 1, for: 1_000 } });
          const awakeAt = new Map<Worker, number>();
          const fairness = new Fairness();
          fairness.present(all);
          for (const change of changes) {
            if (change === "next") fairness.turn(hub.next());
            else if (change === "fail") fairness.turn(await failOn(hub, awakeAt));
            else vi.advanceTimersByTime(change);
            const awake = all.filter((worker) => (awakeAt.get(worker) ?? 0) <= Date.now());
            fairness.present(awake.length > 0 ? awake : all);
          }
          vi.clearAllTimers();
        },
      ),
      { numRuns: 200 },
    );
    vi.useRealTimers();

    async function failOn(hub: Hub<Worker>, awakeAt: Map<Worker, number>): Promise<Worker> {
      let used: Worker | undefined;
      const failing = hub.retry(1, (worker) => {
        used = worker;
        throw new Error("failed");
      });
      await expect(failing).rejects.toThrow("failed");
      const isAwake = (awakeAt.get(used!) ?? 0) <= Date.now();
      if (isAwake) awakeAt.set(used!, Date.now() + 1_000);
      return used!;
    }
  });
});

/** Checks turns: between two of one that was there all the time, each other one that was has exactly one. */
class Fairness {
  readonly #turns: Worker[] = [];
  /** How many turns there had been when each came. */
  readonly #since = new Map<Worker, number>();

  present(now: readonly Worker[]): void {
    for (const worker of this.#since.keys()) {
      if (!now.includes(worker)) this.#since.delete(worker);
    }
    for (const worker of now) {
      if (!this.#since.has(worker)) this.#since.set(worker, this.#turns.length);
    }
  }

  turn(worker: Worker): void {
    const before = this.#turns.lastIndexOf(worker);
    if (before >= this.#since.get(worker)!) {
      const between = this.#turns.slice(before + 1);
      const stayed = [...this.#since].filter(([, since]) => since <= before);
      const others = stayed.map(([other]) => other).filter((other) => other !== worker);
      expect(tally(between, others)).toEqual(others.map(() => 1));
      expect(tally(between, [worker])).toEqual([0]);
    }
    expect(this.#since.has(worker)).toBe(true);
    this.#turns.push(worker);
  }
}

describe("random", () => {
  it("takes each routee equally often", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.3);
    const routees = workers(7);
    const counts = tally(take(random(routees), 70_000), routees);
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(7));
  });

  it("takes another order in each hub", () => {
    const routees = workers(10);
    expect(take(random(routees), 50)).not.toEqual(take(random(routees), 50));
  });

  it("takes those that were added, and no more those that were removed", () => {
    const [a, b, c] = workers(3);
    const hub = random([a, b]);
    hub.add(c);
    hub.remove(a);
    expect(new Set(take(hub, 200))).toEqual(new Set([b, c]));
  });
});

describe("leastLoaded", () => {
  it("takes the less loaded of two", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (one, other) => {
        fc.pre(one !== other);
        const hub = leastLoaded([one, other], { load: (load) => load });
        expect(new Set(take(hub, 20))).toEqual(new Set([Math.min(one, other)]));
      }),
    );
  });

  it.each<[string, (rank: number) => Slot<unknown>]>([
    ["load", (rank) => new Slot<unknown>({}, rank, rank, () => rank)],
    ["mailbox", (rank) => new Slot<unknown>({ length: rank, capacity: 10 }, rank, rank)],
  ])(
    "takes each rank as often as it is the less loaded of two random ones, by its %s",
    (_, slotOf) => {
      const count = 6;
      const slots = Array.from({ length: count }, (_, rank) => slotOf(rank));
      const chooser = new LeastLoaded(new Generator(99)).over(slots);
      const counts = new Array<number>(count).fill(0);
      const draws = 60_000;
      for (let draw = 0; draw < draws; draw++) counts[chooser.next().order]!++;
      // Of all pairs, those in which a rank is the lower: the number of ranks above it.
      const pairs = (count * (count - 1)) / 2;
      const expected = counts.map((_, rank) => (draws * (count - 1 - rank)) / pairs);
      expect(counts.at(-1)).toBe(0);
      for (const [rank, times] of counts.entries()) {
        const deviation = Math.abs(times - expected[rank]!);
        expect(deviation).toBeLessThanOrEqual(6 * Math.sqrt(expected[rank]!));
      }
    },
  );

  it("takes all of them equally often when they are equally loaded", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.6);
    const routees = workers(5);
    const counts = tally(take(leastLoaded(routees, { load: () => 3 }), 50_000), routees);
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(5));
  });

  it.each([
    [0.25, 0.75],
    [-2, -1],
    [1e12, 2e12],
    [0, Infinity],
  ])("compares loads of any size: %d is less than %d", (less, more) => {
    const hub = leastLoaded([more, less], { load: (load) => load });
    expect(new Set(take(hub, 20))).toEqual(new Set([less]));
  });

  it.each([1_000, 4_095, 4_096, 100_000])("takes each tenth of %d equally often", (count) => {
    const slots = Array.from({ length: count }, (_, at) => new Slot(at, at, at));
    const chooser = new LeastLoaded<number>(new Generator(7)).over(slots);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      tenths[Math.floor((chooser.next().routee * 10) / count)]!++;
    }
    expect(chiSquare(tenths)).toBeLessThan(chiSquareBound(10));
  });

  it.each([2, 3, 4_095, 4_096])("takes the less loaded of two different ones among %d", (count) => {
    const slots = Array.from(
      { length: count },
      (_, at) => new Slot(at, at, at, () => (at === 0 ? 1 : 0)),
    );
    const chooser = new LeastLoaded<number>(new Generator(11)).over(slots);
    const orders = Array.from({ length: 100_000 }, () => chooser.next().order);
    expect(orders.includes(0)).toBe(false);
  });

  it("takes those that were added, and no more those that were removed", () => {
    const [a, b, c] = workers(3);
    const hub = leastLoaded([a]);
    hub.add(b);
    expect(new Set(take(hub, 200))).toEqual(new Set([a, b]));
    hub.add(c);
    hub.remove(a);
    expect(new Set(take(hub, 200))).toEqual(new Set([b, c]));
    hub.remove(b);
    expect(new Set(take(hub, 3))).toEqual(new Set([c]));
  });

  it("takes one of those that were there when asking for the load changes the group", () => {
    const [a, b] = workers(2);
    const hub: Hub<Worker> = leastLoaded([a, b], {
      load: (worker) => {
        if (hub.length === 2) hub.remove(worker);
        return 1;
      },
    });
    expect([a, b]).toContain(hub.next());
    expect(hub.length).toBe(1);
  });

  it("asks for the load anew each time", () => {
    const routees = [{ load: 1 }, { load: 2 }];
    const hub = leastLoaded(routees, { load: ({ load }) => load });
    expect(hub.next()).toBe(routees[0]);
    routees[0]!.load = 3;
    expect(hub.next()).toBe(routees[1]);
  });

  it("goes by the length of an actor's mailbox, and of a mailbox", () => {
    const mailbox = (length: number) => ({ length, capacity: 10, closed: false });
    const actors = [{ mailbox: mailbox(4) }, { mailbox: mailbox(2) }];
    expect(new Set(take(leastLoaded(actors), 20))).toEqual(new Set([actors[1]]));
    const mailboxes = [mailbox(3), mailbox(9)];
    expect(new Set(take(leastLoaded(mailboxes), 20))).toEqual(new Set([mailboxes[0]]));
  });

  it.each(["fanOut", "fanOutWait", "broadcast"] as const)(
    "goes by the calls in flight through %s when there is no mailbox",
    async (method) => {
      const [a, b] = workers(2);
      const hub = leastLoaded([a, b]);
      const gate = Promise.withResolvers<void>();
      const running = hub[method]((worker) => (worker === a ? gate.promise : undefined));
      await settle();
      expect(new Set(take(hub, 20))).toEqual(new Set([b]));
      gate.resolve();
      await running;
      await settle();
      expect(new Set(take(hub, 200))).toEqual(new Set([a, b]));
    },
  );

  it("goes by the calls in flight through retry when there is no mailbox, whether they end well or not", async () => {
    const [a, b] = workers(2);
    const hub = leastLoaded([a, b]);
    for (const end of ["resolve", "reject"] as const) {
      const gate = Promise.withResolvers<void>();
      let used: Worker | undefined;
      const retrying = hub.retry(1, (worker) => {
        used = worker;
        return gate.promise;
      });
      expect(new Set(take(hub, 20))).toEqual(new Set([used === a ? b : a]));
      gate[end](new Error("failed") as never);
      await retrying.catch(() => {});
      expect(new Set(take(hub, 200))).toEqual(new Set([a, b]));
    }
  });

  it("does not take the parameters of a function for its load", () => {
    const many = (_a?: number, _b?: number, ..._more: number[]) => 0;
    const none = () => 0;
    const hub = leastLoaded([many, none]);
    expect(new Set(take(hub, 200))).toEqual(new Set([many, none]));
  });

  it("takes the only one without asking for its load", () => {
    const load = vi.fn(() => 1);
    const [a] = workers(1);
    expect(leastLoaded([a], { load }).next()).toBe(a);
    expect(load).not.toHaveBeenCalled();
  });

  it("throws a TypeError that names what it got when a load is not a number", () => {
    const hub = leastLoaded(workers(2), { load: () => Number.NaN });
    expect(() => hub.next()).toThrow(
      new TypeError("Cannot choose the least loaded: `load` must return a number, got NaN"),
    );
    const wrong = leastLoaded(workers(2), { load: () => undefined as never });
    expect(() => wrong.next()).toThrow(TypeError);
  });
});

describe("Hub.next", () => {
  it.each(["round-robin", "random", "least-loaded"] as const)(
    "takes the only routee with strategy %s",
    (strategy) => {
      const [a] = workers(1);
      expect(take(new Hub([a], { strategy }), 3)).toEqual([a, a, a]);
    },
  );

  it.each(["round-robin", "random", "least-loaded"] as const)(
    "draws nothing from Math.random with strategy %s",
    (strategy) => {
      const hub = new Hub(workers(3), { strategy });
      const drawn = vi.spyOn(Math, "random");
      take(hub, 10);
      expect(drawn).not.toHaveBeenCalled();
    },
  );

  it("takes one after the other when no strategy is given", () => {
    const [a, b] = workers(2);
    expect(take(new Hub([a, b]), 3)).toEqual([a, b, a]);
  });
});
