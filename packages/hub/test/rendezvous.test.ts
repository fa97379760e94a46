import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hub, roundRobin, type StickyKey } from "../src/index.ts";
import { hashOf, rendezvous } from "../src/lib/rendezvous.ts";
import { runFixture } from "./fixtures/run-fixture.ts";
import { chiSquare, chiSquareBound, tally, workers } from "./workers.ts";

const manyKeys = (count: number) =>
  Array.from({ length: count }, (_, index) => `customer-${index}`);

const letters = (names: readonly string[]) => names.map((name) => name.at(-1)).join("");

/** Worked out by an implementation of its own in another language, from the description in rendezvous.ts alone. */
const golden = {
  names: ["worker-a", "worker-b", "worker-c", "worker-d", "worker-e"],
  byName: "bedccbcdccacebeaceaaaccddccaceebdaddbcbabcaaccdaaadbbbdbabdadbed",
  byNameOfNumbers: "adeebdbdeedccebbcccadbcdeddedcedaaebcebacaedbdadcdeeebbababacdee",
  byOrder: "4431404010341144023134444431004223141123233400412203130032202243",
};

describe("Hub.sticky", () => {
  it("H2: takes the routees that it always took, by name", () => {
    const hub = roundRobin(golden.names.map((name) => ({ name })));
    const taken = manyKeys(64).map((key) => hub.sticky(key).name);
    expect(letters(taken)).toBe(golden.byName);
    const byNumber = Array.from({ length: 64 }, (_, key) => hub.sticky(key).name);
    expect(letters(byNumber)).toBe(golden.byNameOfNumbers);
  });

  it("H2: takes the routees that it always took, by order where there are no names", () => {
    const routees = Array.from({ length: 5 }, (_, order) => ({ order }));
    const hub = roundRobin(routees);
    const taken = manyKeys(64).map((key) => hub.sticky(key).order);
    expect(taken.join("")).toBe(golden.byOrder);
  });

  it.each<[StickyKey, string]>([
    ["", "worker-e"],
    ["a", "worker-d"],
    ["customer-42", "worker-a"],
    [42, "worker-e"],
    [42n, "worker-e"],
    ["42", "worker-e"],
    [-7, "worker-c"],
    [0.1, "worker-a"],
    [1e21, "worker-b"],
    [9_007_199_254_740_993n, "worker-a"],
    ["ключ", "worker-d"],
    ["😀", "worker-c"],
    ["\ud83d", "worker-b"],
    ["2024-01-01T00:00:00Z", "worker-c"],
    ["x".repeat(1_000), "worker-c"],
  ])("H2: takes for %s the routee that it always took", (key, name) => {
    const hub = roundRobin(golden.names.map((name) => ({ name })));
    expect(hub.sticky(key).name).toBe(name);
  });

  it("H2: takes the same routees in a fresh process, whatever the order there", async () => {
    const names = workers(9).map(({ name }) => name);
    const keys = [...manyKeys(500), "ключ", "😀", "\ud83d"];
    const hub = roundRobin(names.map((name) => ({ name })));
    const here = keys.map((key) => hub.sticky(key).name);
    const there = await runFixture("sticky.ts", [
      JSON.stringify({ names: names.toReversed(), keys }),
    ]);
    expect(JSON.parse(there)).toEqual(here);
  });

  it("takes the same routee for the same key, whatever else the hub does", () => {
    const hub = roundRobin(workers(5));
    const taken = hub.sticky("customer-42");
    hub.next();
    hub.broadcast(() => {});
    expect(hub.sticky("customer-42")).toBe(taken);
  });

  it("spreads many keys evenly over few and many routees", () => {
    const kinds: ((index: number) => StickyKey)[] = [
      (index) => index,
      (index) => `customer-${index}`,
      (index) => `${index}/a-longer-key-that-ends-alike`,
      (index) => BigInt(index) << 40n,
      (index) => index * 4_096,
      (index) => `10.0.${index >> 8}.${index & 255}:8080`,
    ];
    for (const count of [2, 3, 10, 64]) {
      const routees = workers(count);
      const hub = roundRobin(routees);
      for (const kind of kinds) {
        const taken = Array.from({ length: 200 * count }, (_, index) => hub.sticky(kind(index)));
        expect(chiSquare(tally(taken, routees))).toBeLessThan(chiSquareBound(count));
      }
    }
  });

  it("moves only the keys that a new routee takes, and those are 1/n", () => {
    const keys = manyKeys(20_000);
    for (const count of [2, 5, 16]) {
      const hub = roundRobin(workers(count - 1));
      const before = keys.map((key) => hub.sticky(key));
      const late = { name: "late" };
      hub.add(late);
      const after = keys.map((key) => hub.sticky(key));
      const moved = after.filter((routee, index) => routee !== before[index]);
      expect(new Set(moved)).toEqual(new Set([late]));
      const expected = keys.length / count;
      expect(Math.abs(moved.length - expected)).toBeLessThan(6 * Math.sqrt(expected));
    }
  });

  it("moves only the keys of a routee that goes, and spreads them evenly over the others", () => {
    const keys = manyKeys(20_000);
    const routees = workers(6);
    const hub = roundRobin(routees);
    const before = keys.map((key) => hub.sticky(key));
    const [gone, ...others] = routees;
    hub.remove(gone!);
    const after = keys.map((key) => hub.sticky(key));
    const moved = after.filter((routee, index) => routee !== before[index]);
    expect(moved).toHaveLength(tally(before, [gone!])[0]!);
    expect(before.filter((routee, index) => routee !== after[index])).toEqual(
      moved.map(() => gone),
    );
    expect(chiSquare(tally(moved, others))).toBeLessThan(chiSquareBound(5));
  });

  it("moves no key that it need not, whatever comes and goes, named or not", () => {
    const name = fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined });
    const change = fc.oneof(fc.record({ add: name }), fc.record({ remove: fc.nat(100) }));
    const keys = manyKeys(60);
    fc.assert(fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.array(change), run), {
      numRuns: 200,
    });

    function run(
      names: readonly (string | undefined)[],
      changes: readonly ({ add: string | undefined } | { remove: number })[],
    ): void {
      const hub = roundRobin<object>(names.map((name) => ({ name })));
      for (const change of changes) {
        const before = keys.map((key) => hub.sticky(key));
        const routees = hub.routees;
        if ("add" in change) hub.add({ name: change.add });
        else if (hub.length > 1) hub.remove(routees[change.remove % hub.length]!);
        for (const [index, key] of keys.entries()) {
          const now = hub.sticky(key);
          if (now === before[index]) continue;
          const hasCome = !routees.includes(now);
          const hasGone = !hub.routees.includes(before[index]!);
          expect(hasCome || hasGone).toBe(true);
        }
      }
    }
  });

  it("gives a routee that takes the place of another of its name the same keys", () => {
    const hub = roundRobin(workers(4));
    const keys = manyKeys(200);
    const before = keys.map((key) => hub.sticky(key).name);
    hub.remove(hub.routees[1]!);
    hub.add({ name: "worker-1" });
    expect(keys.map((key) => hub.sticky(key).name)).toEqual(before);
  });

  it("tells routees of the same name apart", () => {
    const twins = [{ name: "twin" }, { name: "twin" }, { name: "" }, { name: "" }];
    const hub = roundRobin(twins);
    const taken = manyKeys(400).map((key) => hub.sticky(key));
    expect(chiSquare(tally(taken, twins))).toBeLessThan(chiSquareBound(4));
  });

  it("tells routees without names apart, also those that came after others went", () => {
    const [first, ...others] = Array.from({ length: 4 }, () => ({}));
    const hub = roundRobin([first!, ...others]);
    hub.remove(first!);
    hub.add({});
    const taken = manyKeys(400).map((key) => hub.sticky(key));
    expect(chiSquare(tally(taken, hub.routees))).toBeLessThan(chiSquareBound(4));
  });

  it("goes by the key of each routee, whatever its name and place", () => {
    const hosts = [
      { name: "same", host: "10.0.0.1" },
      { name: "same", host: "10.0.0.2" },
      { name: "same", host: "10.0.0.3" },
    ];
    const key = ({ host }: { host: string }) => host;
    const hub = roundRobin(hosts, { key });
    const other = new Hub(hosts.toReversed(), { key, strategy: "random" });
    const renamed = roundRobin(hosts.map(({ host }) => ({ name: host })));
    for (const customer of manyKeys(100)) {
      expect(other.sticky(customer)).toBe(hub.sticky(customer));
      expect(renamed.sticky(customer).name).toBe(hub.sticky(customer).host);
    }
  });

  it("throws a TypeError or RangeError that names the key and the rule when it is not one", () => {
    const hub = roundRobin(workers(2));
    const rule =
      "Cannot choose a routee: `key` must be a string, a bigint or a number that is not NaN";
    expect(() => hub.sticky(Number.NaN)).toThrow(new RangeError(`${rule}, got NaN`));
    for (const [key, shown] of [
      [undefined, "undefined"],
      [null, "null"],
      [true, "true"],
      [{}, "an object"],
      [Symbol("s"), "Symbol(s)"],
    ] as const) {
      expect(() => hub.sticky(key as never)).toThrow(new TypeError(`${rule}, got ${shown}`));
    }
  });
});

describe("hashOf", () => {
  it.each<[string, number, number]>([
    ["", -1_421_968_373, 301_794_027],
    ["a", 444_641_715, -1_563_163_490],
    ["customer-42", -1_487_047_348, 863_448_553],
    ["ключ", -1_109_631_624, 1_220_741_656],
    ["😀", 1_787_143_206, -612_996_293],
    ["\ud83d", -1_826_873_842, -1_618_040_544],
  ])("makes of %j the 64 bits that it always made", (text, high, low) => {
    expect(hashOf(text)).toEqual({ high, low });
  });

  it("makes different hashes of many keys", () => {
    const hashes = manyKeys(100_000).map((key) => hashOf(key));
    expect(new Set(hashes.map(({ high, low }) => `${high}/${low}`)).size).toBe(hashes.length);
  });
});

describe("rendezvous", () => {
  it("decides by the hash alone when two scores are equal, whatever the order", () => {
    const key = { high: 0, low: 0 };
    const one = { hash: { high: 1, low: mixed(1) } };
    const other = { hash: { high: 2, low: mixed(2) } };
    expect(rendezvous(key, [one, other])).toBe(other);
    expect(rendezvous(key, [other, one])).toBe(other);
  });
});

/** What MurmurHash3's finaliser makes of `bits`; as the low half of a hash, it undoes what `bits` did as the high half. */
function mixed(bits: number): number {
  let mixing = bits;
  mixing = Math.imul(mixing ^ (mixing >>> 16), 0x85ebca6b);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35);
  return mixing ^ (mixing >>> 16);
}
