/**
 * Random numbers for choosing, not for secrets: Marsaglia's xorshift of 32 bits. `Math.random()` allocates a number object at
 * each call; a typed array keeps all 32 bits without one.
 */
export class Generator {
  readonly #state = new Int32Array(1);

  /** A `seed` of 0 counts as 1. */
  constructor(seed: number) {
    this.#state[0] = seed;
    if (this.#state[0] === 0) this.#state[0] = 1;
  }

  /** An integer from 0 to `bound` - 1, for a `bound` far below 2^31. */
  below(bound: number): number {
    return (this.bits() >>> 1) % bound;
  }

  /** 32 bits at once, as a signed integer. */
  bits(): number {
    let bits = this.#state[0]!;
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    this.#state[0] = bits;
    return bits;
  }
}
