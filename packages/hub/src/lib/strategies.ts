import type { Generator } from "./generator.ts";
import type { Slot } from "./slot.ts";

/** How one of several routees is chosen. All lists are in the order in which their routees were added, and never empty. */
export interface Chooser<Routee> {
  /** Chooses among all that may be used; allocates nothing. */
  next(): Slot<Routee>;
  /** Chooses among `candidates`, for a retry. */
  among(candidates: readonly Slot<Routee>[]): Slot<Routee>;
  /** Returns what chooses from now on, when `usable` are those that may be used. */
  over(usable: readonly Slot<Routee>[]): Chooser<Routee>;
}

/**
 * One after the other. Whoever comes, goes, rests or returns, the others keep their turns: between two turns of one that
 * stays, each other one that stays has exactly one.
 */
export class RoundRobin<Routee> implements Chooser<Routee> {
  #usable: readonly Slot<Routee>[] = [];
  /** Where in the list the next turn is. */
  #turn = 0;
  /** The `order` of the one that had the last turn. */
  #last = -1;

  next(): Slot<Routee> {
    const usable = this.#usable;
    const slot = usable[this.#turn]!;
    this.#turn = this.#turn + 1 < usable.length ? this.#turn + 1 : 0;
    this.#last = slot.order;
    return slot;
  }

  /** Where the turn is not a candidate's, another one comes out of turn, and the turn stays where it is. */
  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    const slot = candidates[this.#following(candidates)]!;
    return slot === this.#usable[this.#turn] ? this.next() : slot;
  }

  over(usable: readonly Slot<Routee>[]): this {
    this.#usable = usable;
    this.#turn = this.#following(usable);
    return this;
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
  #usable: readonly Slot<Routee>[] = [];

  constructor(random: Generator) {
    this.#random = random;
  }

  next(): Slot<Routee> {
    return this.among(this.#usable);
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    return candidates[this.#random.below(candidates.length)]!;
  }

  over(usable: readonly Slot<Routee>[]): this {
    this.#usable = usable;
    return this;
  }
}

/**
 * The less loaded of two that were chosen at random. That keeps the longest queue nearly as short as asking all would,
 * at the price of asking two, and does not send every sender to the same one.
 */
export class LeastLoaded<Routee> implements Chooser<Routee> {
  readonly #random: Generator;
  #usable: readonly Slot<Routee>[] = [];

  constructor(random: Generator) {
    this.#random = random;
  }

  next(): Slot<Routee> {
    return this.among(this.#usable);
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    const count = candidates.length;
    if (count === 1) return candidates[0]!;
    const first = this.#random.below(count);
    const one = candidates[first]!;
    const other = candidates[(first + 1 + this.#random.below(count - 1)) % count]!;
    return one.queue.length <= other.queue.length ? one : other;
  }

  // Another chooser, as a question in `next` would cost half of its time again: V8 then takes nothing out of a loop around it.
  over(usable: readonly Slot<Routee>[]): Chooser<Routee> {
    this.#usable = usable;
    const isUsual = usable.length > 1 && usable.length < 2 ** 12;
    return isUsual ? new LeastLoadedOfSome(this, this.#random, usable) : this;
  }
}

/** As `LeastLoaded`, the short way: among 2 to 4,095, which 16 random bits are enough for. */
class LeastLoadedOfSome<Routee> implements Chooser<Routee> {
  readonly #ofAny: LeastLoaded<Routee>;
  readonly #random: Generator;
  /** All of them twice: the second choice is some places behind the first one, and need not go round. */
  readonly #twice: readonly Slot<Routee>[];

  constructor(ofAny: LeastLoaded<Routee>, random: Generator, usable: readonly Slot<Routee>[]) {
    this.#ofAny = ofAny;
    this.#random = random;
    this.#twice = [...usable, ...usable];
  }

  next(): Slot<Routee> {
    const slots = this.#twice;
    const count = slots.length >>> 1;
    const bits = this.#random.bits();
    // Multiplied and shifted, 16 random bits become an integer below the factor; a division would take longer.
    const first = Math.imul(bits >>> 16, count) >>> 16;
    const second = first + 1 + (Math.imul(bits & 0xff_ff, count - 1) >>> 16);
    const isSecond = slots[first]!.queue.length > slots[second]!.queue.length;
    // Computed, not branched to: nobody can predict which one it is, and a wrong prediction costs more than all the rest.
    return slots[first ^ ((first ^ second) & -Number(isSecond))]!;
  }

  among(candidates: readonly Slot<Routee>[]): Slot<Routee> {
    return this.#ofAny.among(candidates);
  }

  over(usable: readonly Slot<Routee>[]): Chooser<Routee> {
    return this.#ofAny.over(usable);
  }
}
