import { mix } from "./rendezvous.ts";

/** A random integer from 0 to `bound` - 1, for a `bound` of at most 2^31. */
export type Random = (bound: number) => number;

/**
 * Random numbers for choosing, not for secrets. `Math.random()` allocates a number object at each call; the state here
 * has 30 bits, which every build of V8 keeps without one.
 */
export function createRandom(seed: number): Random {
  let count = seed & 0x3fffffff;
  return (bound) => {
    count = (count + 1) & 0x3fffffff;
    // Steps of the golden ratio lie evenly over all integers; the mixer takes their order away.
    return (mix(Math.imul(count, 0x9e3779b1)) >>> 1) % bound;
  };
}
