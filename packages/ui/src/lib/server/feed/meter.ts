import type { OwnCost } from "../../model/wire.ts";
import { cpuTime } from "./cpu-time.ts";

/** Milliseconds over which rates are taken. */
const period = 2_000;

/** Measures what the dashboard costs. */
export class Meter {
  #cost: OwnCost = { viewers: 0, frames: 0, bytes: 0, skipped: 0, cpu: 0 };
  #since = performance.now();
  #busy = 0;
  #frames = 0;
  #bytes = 0;
  #skipped = 0;

  get cost(): OwnCost {
    return this.#cost;
  }

  /** Does `work`, and adds the time that it computes. */
  time<Result>(work: () => Result): Result {
    const start = cpuTime();
    try {
      return work();
    } finally {
      this.#busy += cpuTime() - start;
    }
  }

  sent(bytes: number): void {
    this.#frames++;
    this.#bytes += bytes;
  }

  skipped(): void {
    this.#skipped++;
  }

  /** The cost anew, once a period is over and it has changed. */
  sample(viewers: number): OwnCost | undefined {
    const elapsed = performance.now() - this.#since;
    if (elapsed < period && viewers === this.#cost.viewers) return undefined;
    const cost =
      elapsed < period
        ? { ...this.#cost, viewers }
        : {
            viewers,
            frames: Math.round((this.#frames * 1_000) / elapsed),
            bytes: Math.round((this.#bytes * 1_000) / elapsed),
            skipped: this.#skipped,
            cpu: Math.round((this.#busy * 1_000) / elapsed) / 1_000,
          };
    if (elapsed >= period) this.#restart();
    if (isSame(this.#cost, cost)) return undefined;
    this.#cost = cost;
    return cost;
  }

  /** Nobody looks: there are no rates. */
  rest(): void {
    this.#cost = { viewers: 0, frames: 0, bytes: 0, skipped: this.#skipped, cpu: 0 };
    this.#restart();
  }

  #restart(): void {
    this.#since = performance.now();
    this.#busy = this.#frames = this.#bytes = 0;
  }
}

/** A little more or less of the processor is none that anybody wants to hear of. */
const noise = 0.002;

function isSame(one: OwnCost, other: OwnCost): boolean {
  const { cpu: cpuOfOne, ...restOfOne } = one;
  const { cpu: cpuOfOther, ...restOfOther } = other;
  const fields = Object.keys(restOfOne) as (keyof typeof restOfOne)[];
  const isCalm = Math.abs(cpuOfOne - cpuOfOther) < noise;
  return isCalm && fields.every((field) => restOfOne[field] === restOfOther[field]);
}
