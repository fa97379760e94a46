import { Broadcast, type Inlet } from "./broadcast.ts";
import { never } from "./time.ts";

/**
 * What `flags` of a node say. Each module that asks for them takes them into constants of its own: those are numbers to V8, while it
 * would look up an imported one, and check what it found, wherever that is used.
 */
export const flag = {
  /** It may be out of date: something upstream has changed since it was settled. */
  stale: 1,
  /** It waits in the queue. */
  queued: 2,
  /** It is being settled. */
  settling: 4,
  /** It must be made anew, whatever the versions say. */
  due: 8,
  /** It has had no value yet. */
  empty: 16,
  /** It is made from others. */
  derived: 32,
  /** It is a function of what it is made from at all times, and can be made for whoever reads it. */
  lazy: 64,
  /** What it is made from knows of it. */
  attached: 128,
  /** Its actor runs: it is settled after each change, and its changes are broadcast. */
  live: 256,
  /** It lets changes come together before it follows them. */
  gathering: 512,
  /** Its listeners are to be called. */
  told: 1_024,
  /** It, or something upstream, does not tell when it changes: it is asked at each read. */
  untold: 2_048,
} as const;

/** What a kind of value does for its node. What most kinds do not do is left out. */
export interface Owner {
  /** Told of what went wrong around the value: a listener that failed, a provider that cannot be watched. */
  readonly report: (error: unknown) => void;
  /** What it is made from; asked once, when that is needed first. */
  dependencies?(): readonly Node[];
  /** Makes the value anew, where there is no `compute`; returns whether it is another one. Never throws. */
  update?(): boolean;
  /** `compute` or `equal` has thrown. */
  failed?(thrown: unknown): void;
  /** Something has changed for one that is gathering. */
  postpone?(): void;
  /** An update has succeeded. */
  succeeded?(): void;
  /** Whether the value is too old, whatever it is made from. */
  isOld?(): boolean;
  /** Finds out whether it has changed; for what does not tell. */
  sample?(): void;
  /** Somebody follows it: the first dependent, or an inlet. */
  used?(): void;
  /** Somebody does so no more. */
  unused?(): void;
}

/** How the value of a node is made. */
interface Making {
  readonly flags?: number;
  readonly compute?: () => unknown;
  /** Of the type of the value. */
  readonly equal?: ((before: never, after: never) => boolean) | undefined;
}

const { empty, settling, stale } = flag;

type Equal = ((before: unknown, after: unknown) => boolean) | undefined;

/**
 * A value in the graph. There is one class for all kinds: what goes through the graph meets objects of one shape, which the
 * engines of JavaScript are much quicker with.
 */
export class Node {
  // First what each change meets: it fits into two lines of a processor's cache.
  flags: number = empty;
  value: unknown = undefined;
  /** Grows with each change. */
  version = 0;
  /** The version that was broadcast last. */
  announced = 0;
  readonly compute: (() => unknown) | undefined;
  firstDependency: Edge | undefined = undefined;
  firstDependent: Edge | undefined = undefined;
  readonly equal: Equal;
  /** Made when somebody wants to hear of it: most values are only read. */
  audience: Broadcast | undefined = undefined;
  /** When the last update succeeded, or `never`. */
  updatedAt: number = never;
  /** Why the last update failed. */
  error: Error | undefined = undefined;
  readonly owner: Owner;
  /** Where `settle` goes on when it comes back to it, and where it goes from it. */
  cursor: Edge | undefined = undefined;
  back: Node | undefined = undefined;

  readonly name: string;
  lastDependent: Edge | undefined = undefined;
  /** Whether the dependencies are known, here and upstream. */
  isResolved = false;
  /** Updates that brought an equal value. */
  unchanged = 0;
  /** Behind it among those from which marking goes on. */
  nextMarked: Node | undefined = undefined;
  /** Where it is not attached: the clock when it was settled, or the inquiry where it is untold; 0 for never. */
  settledAt = 0;
  /** Where its values come from, when it follows later than the graph does. */
  source: Node | undefined = undefined;
  /** Whether who begins to follow it gets the current value first. */
  startsWithCurrent = false;

  constructor(name: string, owner: Owner, { flags = 0, compute, equal }: Making = {}) {
    this.flags |= flags;
    this.owner = owner;
    this.compute = compute;
    this.equal = equal as Equal;
    this.name = name;
  }

  get hasValue(): boolean {
    return (this.flags & empty) === 0;
  }

  /** Whether its value can be read as it is. */
  get isCurrent(): boolean {
    return (this.flags & (stale | settling | empty)) === 0;
  }

  /** An update has succeeded, whether or not it brought another value. */
  succeeded(at: number): void {
    this.updatedAt = at;
    if (this.error !== undefined) this.error = undefined;
  }

  /** Whether `value` is to be taken for the value that is there. */
  isEqual(value: unknown): boolean {
    const { equal } = this;
    return equal !== undefined && this.hasValue && equal(this.value, value);
  }

  /** Updates that have succeeded. */
  get updates(): number {
    return this.version + this.unchanged;
  }

  take(value: unknown): void {
    this.value = value;
    if ((this.flags & empty) !== 0) this.flags &= ~empty;
  }

  /** @returns a function that removes the listener */
  listen(listener: () => unknown): () => void {
    return (this.audience ??= new Broadcast()).listen(listener);
  }

  /** @returns a function that leaves again */
  join(inlet: Inlet): () => void {
    const leave = (this.audience ??= new Broadcast()).join(inlet);
    this.owner.used?.();
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      leave();
      this.owner.unused?.();
    };
  }
}

/** `dependent` is made from `dependency`. Made once; in the list of the dependency while the dependent is attached. */
export class Edge {
  readonly dependency: Node;
  /** The version of the dependency that the dependent was last made from. */
  seen = -1;
  /** Behind it among the dependencies of the same dependent. */
  readonly nextDependency: Edge | undefined;
  readonly dependent: Node;
  /** Neighbours among the dependents of the same dependency. */
  after: Edge | undefined = undefined;
  before: Edge | undefined = undefined;

  constructor(dependency: Node, dependent: Node, nextDependency: Edge | undefined) {
    this.dependency = dependency;
    this.dependent = dependent;
    this.nextDependency = nextDependency;
  }
}
