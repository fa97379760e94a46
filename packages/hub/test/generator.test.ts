import { describe, expect, it } from "vitest";
import { Generator } from "../src/lib/generator.ts";
import { chiSquare, chiSquareBound } from "./workers.ts";

const seeds = [0, 1, 2, 77, 0x7fffffff, 0xffffffff, 123_456_789.5];

describe.each(seeds)("Generator with seed %d", (seed) => {
  it.each([2, 3, 10, 100])("makes each integer below %d equally often", (bound) => {
    const generator = new Generator(seed);
    const counts = new Array<number>(bound).fill(0);
    for (let draw = 0; draw < 100_000; draw++) counts[generator.below(bound)]!++;
    expect(counts).toHaveLength(bound);
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(bound));
  });

  it("makes each pair of successive integers equally often", () => {
    const generator = new Generator(seed);
    const counts = new Array<number>(100).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      counts[generator.below(10) * 10 + generator.below(10)]!++;
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(counts.length));
  });

  it("makes only 0 below 1", () => {
    const generator = new Generator(seed);
    expect([generator.below(1), generator.below(1)]).toEqual([0, 0]);
  });
});

describe("Generator", () => {
  it("makes the same integers again with the same seed, and others with another", () => {
    const drawn = (seed: number) => {
      const generator = new Generator(seed);
      return Array.from({ length: 20 }, () => generator.below(1_000));
    };
    expect(drawn(5)).toEqual(drawn(5));
    expect(drawn(6)).not.toEqual(drawn(5));
  });
});
