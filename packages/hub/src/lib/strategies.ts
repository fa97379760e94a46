import type { Generator } from "./generator.ts";
import { show } from "./check.ts";
import type { Slot } from "./slot.ts";

/** How one of several routees is chosen. All lists are in the order in which their routees were added, and never empty. */
export interface Chooser<Routee> {
  /** Chooses among all that may be used; allocates nothing. */
  next(usable: readonly Slot<Routee>[]): Slot<Routee>;
  /** Chooses among `candidates`, for a retry; `usable` is what `next` is given meanwhile. */
  among(candidates: readonly Slot<Routee>[], usable: readonly Slot<Routee>[]): Slot<Routee>;
  /** `next` will be given another list from now on. */
  changed(usable: readonly Slot<Routee>[]): void;
}

/**
 * One after the other. Whoever comes, goes, rests or returns, the others keep their turns: between two turns of one that
 * stays, each other one that stays has exactly one.
 */
export class RoundRobin<Routee> implements Chooser<Routee> {
  /** Where in the list the next turn is. */
  #turn = 0;
  /** The `order` of the one that had the last turn. */
  #last = -1;

  next(usable: readonly Slot<Routee>[]): Slot<Routee> {
    const slot = usable[this.#turn]!;
    this.#turn = this.#turn + 1 < usable.length ? this.#turn + 1 : 0;
    this.#last = slot.order;
    return slot;
  }

  /** Where the turn is not a candidate's, another one comes out of turn, and the turn stays where it is. */
  among(candidates: readonly Slot<Routee>[], usable: readonly Slot<Routee>[]): Slot<Routee> {
    const slot = candidates[this.#following(candidates)]!;
    return slot === usable[this.#turn] ? this.next(usable) : slot;
  }

  changed(usable: readonly Slot<Routee>[]): void {
    this.#turn = this.#following(usable);
  }

  #following(slots: readonly Slot<Routee>[]): number {
    return Math.max(
      0,
      slots.findIndex(({ order }) => order > this.#last),
    );
  }
}

/** Each with the same probability. */
export class RandomChoice<Routee> implements Chooser<Routee> {
  readonly #random: Generator;

  constructor(random: Generator) {
    this.#random = random;
  }

  next(usable: readonly Slot<Routee>[]): Slot<Routee> {
    return usable[this.#random.below(usable.length)]!;
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    return this.next(candidates);
  }

  changed(): void {}
}

/**
 * The less loaded of two that were chosen at random. That keeps the longest queue nearly as short as asking all would,
 * at the price of asking two, and does not send every sender to the same one.
 */
export class LeastLoaded<Routee> implements Chooser<Routee> {
  readonly #random: Generator;
  readonly #load: ((routee: Routee) => number) | undefined;

  constructor(random: Generator, load: ((routee: Routee) => number) | undefined) {
    this.#random = random;
    this.#load = load;
  }

  next(usable: readonly Slot<Routee>[]): Slot<Routee> {
    const count = usable.length;
    if (count === 1) return usable[0]!;
    const isSmall = count < 2 ** 16;
    const bits = this.#random.bits();
    const first = isSmall ? scale(bits >>> 16, count) : this.#random.below(count);
    let second = isSmall ? scale(bits & 0xff_ff, count - 1) : this.#random.below(count - 1);
    second += Number(second >= first);
    const one = usable[first]!;
    const other = usable[second]!;
    const isOne =
      this.#load === undefined ? one.queue.length <= other.queue.length : this.#isLess(one, other);
    // Computed, not branched to: nobody can predict which one it is, and a wrong prediction costs more than all the rest.
    return usable[second ^ ((first ^ second) & -Number(isOne))]!;
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    return this.next(candidates);
  }

  changed(): void {}

  #isLess(one: Slot<Routee>, other: Slot<Routee>): boolean {
    const load = this.#load!(one.routee);
    const otherLoad = this.#load!(other.routee);
    const isLess = load <= otherLoad;
    if (isLess !== load > otherLoad) return isLess;
    throw new TypeError(
      `Cannot choose the least loaded: \`load\` must return a number, got ${show(load)} and ${show(otherLoad)}`,
    );
  }
}

/** Makes 16 random bits an integer below `bound`, which has 16 bits as well; a division would take longer. */
function scale(bits: number, bound: number): number {
  return Math.imul(bits, bound) >>> 16;
}
