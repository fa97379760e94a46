import { describe, expect, it } from "vitest";
import { Hub, leastLoaded, random, roundRobin } from "../src/index.ts";
import { workers } from "./workers.ts";

describe.each([
  ["roundRobin", roundRobin],
  ["random", random],
  ["leastLoaded", leastLoaded],
  ["new Hub", <Routee>(routees: readonly Routee[]) => new Hub(routees)],
] as const)("%s", (_, create) => {
  it("holds the routees in the order given", () => {
    const routees = workers(3);
    const hub = create(routees);
    expect(hub).toBeInstanceOf(Hub);
    expect(hub.length).toBe(3);
    expect(hub.routees).toEqual(routees);
  });

  it("keeps its own list when the caller changes its array later", () => {
    const routees: object[] = workers(2);
    const hub = create(routees);
    routees.length = 0;
    expect(hub.length).toBe(2);
  });

  it("holds routees of any kind", () => {
    for (const routees of [
      [() => 1, () => 2],
      ["a", "b"],
      [1, 2],
      [new Map(), new Set()],
    ]) {
      const hub = create<unknown>(routees);
      expect(routees).toContain(hub.next());
      expect(routees).toContain(hub.sticky("key"));
    }
  });

  it("throws a RangeError when there is no routee", () => {
    expect(() => create([])).toThrow(
      new RangeError("Cannot create hub: `routees` must hold at least one routee, got none"),
    );
  });

  it("throws a TypeError when the routees are no array", () => {
    for (const [routees, shown] of [
      [undefined, "undefined"],
      [{ length: 1 }, "an object"],
      ["abc", '"abc"'],
      [new Set([1]), "an object"],
    ] as const) {
      expect(() => create(routees as never)).toThrow(
        new TypeError(`Cannot create hub: \`routees\` must be an array, got ${shown}`),
      );
    }
  });

  it("throws a TypeError when a routee is missing", () => {
    expect(() => create([workers(1)[0], undefined])).toThrow(
      new TypeError("Cannot create hub: a routee must not be undefined"),
    );
    expect(() => create([null])).toThrow(
      new TypeError("Cannot create hub: a routee must not be null"),
    );
  });

  it("throws a RangeError that names a routee that is there twice", () => {
    const [a] = workers(1);
    expect(() => create([a, a])).toThrow(
      new RangeError('Cannot create hub: an object named "worker-0" is in the hub already'),
    );
  });
});

describe("Hub", () => {
  it("throws a RangeError when there is no such strategy", () => {
    expect(() => new Hub(workers(2), { strategy: "fastest" as never })).toThrow(
      new RangeError(
        'Cannot create hub: `strategy` must be "round-robin" or "random" or "least-loaded", got "fastest"',
      ),
    );
  });

  it.each<[object, string]>([
    [
      { strategy: null },
      '`strategy` must be "round-robin" or "random" or "least-loaded", got null',
    ],
    [{ weight: 5 }, "unknown option `weight`"],
    [{ load: 5, strategy: "least-loaded" }, "`load` must be a function, got 5"],
    [{ load: () => 1 }, '`load` means nothing with `strategy` "round-robin"'],
    [{ load: () => 1, strategy: "random" }, '`load` means nothing with `strategy` "random"'],
    [{ key: "id" }, '`key` must be a function, got "id"'],
    [{ onError: [] }, "`onError` must be a function, got an array"],
  ])("throws a TypeError when the options are %o", (options, message) => {
    expect(() => new Hub(workers(2), options)).toThrow(
      new TypeError(`Cannot create hub: ${message}`),
    );
  });

  it("throws a TypeError when the options are no object", () => {
    expect(() => new Hub(workers(2), "random" as never)).toThrow(
      new TypeError('Cannot create hub: `options` must be an object, got "random"'),
    );
  });

  it("throws when a key is none, or two routees have the same", () => {
    expect(() => new Hub(workers(2), { key: () => undefined as never })).toThrow(
      new TypeError(
        "Cannot create hub: `key(routee)` must be a string, a bigint or a number that is not NaN, got undefined",
      ),
    );
    expect(() => new Hub(workers(2), { key: () => Number.NaN })).toThrow(RangeError);
    expect(() => new Hub(workers(2), { key: () => "same" })).toThrow(
      new RangeError(
        'Cannot create hub: `key(routee)` must be different for each routee, got "same" twice',
      ),
    );
  });
});

describe("Hub.add", () => {
  it("adds a routee as the last in order", () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b]);
    hub.add(c);
    expect(hub.routees).toEqual([a, b, c]);
    expect(hub.length).toBe(3);
    expect([hub.next(), hub.next(), hub.next()]).toEqual([a, b, c]);
  });

  it("leaves the list alone that was read before", () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a]);
    const { routees } = hub;
    hub.add(b);
    expect(routees).toEqual([a]);
  });

  it("throws, and changes nothing, when the routee is missing or there already, or its key is", () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { key: ({ name }) => name });
    expect(() => hub.add(undefined as never)).toThrow(
      new TypeError("Cannot add routee: a routee must not be undefined"),
    );
    expect(() => hub.add(b)).toThrow(
      new RangeError('Cannot add routee: an object named "worker-1" is in the hub already'),
    );
    expect(() => hub.add({ name: "worker-0" })).toThrow(
      new RangeError(
        'Cannot add routee: `key(routee)` must be different for each routee, got "worker-0" twice',
      ),
    );
    expect(hub.routees).toEqual([a, b]);
    expect([hub.next(), hub.next(), hub.next()]).toEqual([a, b, a]);
  });
});

describe("Hub.remove", () => {
  it("removes a routee", () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c]);
    hub.remove(b);
    expect(hub.routees).toEqual([a, c]);
    expect([hub.next(), hub.next(), hub.next()]).toEqual([a, c, a]);
  });

  it("leaves room for the same routee, and for its key, to come again", () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b], { key: ({ name }) => name });
    hub.remove(a);
    hub.add(a);
    expect(hub.routees).toEqual([b, a]);
  });

  it("lets what runs on the routee go on", async () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b]);
    const gate = Promise.withResolvers<string>();
    const result = hub.retry(1, () => gate.promise);
    hub.remove(a);
    gate.resolve("done");
    expect(await result).toBe("done");
  });

  it("throws a RangeError that names a routee that is not in the hub", () => {
    const hub = roundRobin(workers(2));
    expect(() => hub.remove({ name: "worker-0" })).toThrow(
      new RangeError('Cannot remove routee: an object named "worker-0" is not in the hub'),
    );
    const functions = roundRobin([() => 1, () => 2]);
    expect(() => functions.remove(() => 1)).toThrow("a function is not in the hub");
  });

  it("throws a RangeError, and keeps it, when it is the last one", () => {
    const [a, b] = workers(2);
    const hub = roundRobin([a, b]);
    hub.remove(a);
    expect(() => hub.remove(b)).toThrow(
      new RangeError('Cannot remove routee: an object named "worker-1" is the last one in the hub'),
    );
    expect(hub.next()).toBe(b);
    expect(() => hub.remove(a)).toThrow("is not in the hub");
  });
});
