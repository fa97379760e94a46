import { Broadcast, type Inlet } from "./broadcast.ts";

/** It may be out of date: something upstream has changed since it was settled. */
export const stale = 1;
/** It waits in the queue. */
export const queued = 2;
/** It is being settled. */
export const settling = 4;
/** Its dependencies know of it. */
export const attached = 8;
/** It, or something upstream, does not tell when it changes: it is asked at each read. */
export const untold = 16;
/** Its actor runs: it is settled after each change, and its changes are broadcast. */
export const live = 32;
/** It must be computed whatever the versions say. */
export const due = 64;

/** A value in the graph that something outside of the graph changes. */
export class Node {
  readonly name: string;
  flags = 0;
  value: unknown = undefined;
  /** Whether there is a value at all. */
  hasValue = false;
  /** Grows with each change. */
  version = 0;
  /** The version that was broadcast last. */
  announced = 0;
  /** When the last update succeeded, in epoch milliseconds; not a number where none has. */
  updatedAt = Number.NaN;
  /** Why the last update failed. */
  error: Error | undefined = undefined;
  /** Where its values come from, when it follows later than the graph does. */
  source: Node | undefined = undefined;
  /** Whether who begins to follow it gets the current value first. */
  startsWithCurrent = false;
  firstDependent: Edge | undefined = undefined;
  lastDependent: Edge | undefined = undefined;
  /** Behind it among those whose listeners are to be called. */
  nextTold: Node | undefined = undefined;
  isTold = false;
  readonly audience: Broadcast = new Broadcast();
  /** Told of what went wrong around the value: a listener that failed, a provider that cannot be watched. */
  readonly report: (error: unknown) => void;

  constructor(name: string, report: (error: unknown) => void) {
    this.name = name;
    this.report = report;
  }

  /** @returns a function that leaves again */
  join(inlet: Inlet): () => void {
    return this.audience.join(inlet);
  }

  /** An update has succeeded, whether or not its value is another one. */
  succeeded(at: number): void {
    this.updatedAt = at;
    this.error = undefined;
  }

  /** Whether its value is too old, whatever it is made from. */
  isOld(): boolean {
    return false;
  }

  /** Finds out whether it has changed; for what does not tell. */
  sample(): void {}

  /** The first dependent was attached. */
  used(): void {}

  /** The last dependent was detached. */
  unused(): void {}
}

/** What a derived value does. */
export interface Derivation {
  readonly name: string;
  /** What it depends on; asked once. */
  readonly dependencies: () => readonly Node[];
  /** Makes the value anew; returns whether it changed. Never throws. */
  readonly update: () => boolean;
  /** Whether it is a function of its dependencies at all times, and can be computed for whoever reads it. */
  readonly isLazy: boolean;
  /** Called instead of settling it at once, where it gathers changes. */
  readonly postpone?: (() => void) | undefined;
  readonly report: (error: unknown) => void;
}

/** A value in the graph that comes from others in it. */
export class Derived extends Node {
  readonly dependencies: () => readonly Node[];
  readonly update: () => boolean;
  readonly isLazy: boolean;
  readonly postpone: (() => void) | undefined;
  /** Whether `dependencies` has been asked, here and upstream. */
  isResolved = false;
  firstDependency: Edge | undefined = undefined;
  /** Where `settle` goes on when it comes back to it, and where it goes then. */
  cursor: Edge | undefined = undefined;
  back: Derived | undefined = undefined;
  /** Behind it in the queue, and in the list of those whose dependents are to be marked. */
  nextQueued: Derived | undefined = undefined;
  nextMarked: Derived | undefined = undefined;
  /** The clock when it was last settled, or the inquiry where it does not hear of changes; 0 for never. */
  settledAt = 0;

  constructor(derivation: Derivation) {
    super(derivation.name, derivation.report);
    this.dependencies = derivation.dependencies;
    this.update = derivation.update;
    this.isLazy = derivation.isLazy;
    this.postpone = derivation.postpone;
    if (derivation.isLazy) this.flags = stale | due;
  }
}

/** `dependent` comes from `dependency`. Made once, and in the list of the dependency while the dependent is attached. */
export class Edge {
  readonly dependency: Node;
  readonly dependent: Derived;
  /** The version of the dependency that the dependent was last made from. */
  seen = -1;
  /** Behind it among the dependencies of the same dependent. */
  readonly nextDependency: Edge | undefined;
  /** Neighbours among the dependents of the same dependency. */
  before: Edge | undefined = undefined;
  after: Edge | undefined = undefined;

  constructor(dependency: Node, dependent: Derived, nextDependency: Edge | undefined) {
    this.dependency = dependency;
    this.dependent = dependent;
    this.nextDependency = nextDependency;
  }
}
