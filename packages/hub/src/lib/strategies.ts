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
  readonly #load: (slot: Slot<Routee>) => number;

  constructor(random: Generator, load: ((routee: Routee) => number) | undefined) {
    this.#random = random;
    this.#load = load === undefined ? (slot) => slot.load : (slot) => load(slot.routee);
  }

  next(usable: readonly Slot<Routee>[]): Slot<Routee> {
    const count = usable.length;
    if (count === 1) return usable[0]!;
    const first = this.#random.below(count);
    const second = (first + 1 + this.#random.below(count - 1)) % count;
    return this.#lessLoaded(usable[first]!, usable[second]!);
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    return this.next(candidates);
  }

  changed(): void {}

  #lessLoaded(one: Slot<Routee>, other: Slot<Routee>): Slot<Routee> {
    const load = this.#load(one);
    const otherLoad = this.#load(other);
    if (load <= otherLoad) return one;
    if (load > otherLoad) return other;
    throw new TypeError(
      `Cannot choose the least loaded: \`load\` must return a number, got ${show(load)} and ${show(otherLoad)}`,
    );
  }
}
