import type {
  ActorState,
  Change,
  LifecycleEvent,
  OwnCost,
  PageChange,
  ValueState,
} from "./wire.ts";

/**
 * Changes that follow each other, as one. Applied to any state between the first and the last of them it leads to the state
 * after the last: who has some of them already loses nothing by getting all.
 */
export function mergeChanges(changes: readonly PageChange[]): PageChange {
  const merger = new Merger();
  for (const change of changes) merger.add(change);
  return merger.result;
}

type Row = { readonly id: number };

class Merger {
  #now = 0;
  #self: OwnCost | undefined;
  /** Also of those that came in between: who has seen them must lose them. */
  readonly #gone: Set<number> = new Set();
  readonly #came: Map<number, ActorState> = new Map();
  readonly #actors: Map<number, Change<ActorState>> = new Map();
  readonly #values: Map<number, Change<ValueState>> = new Map();
  readonly #events: LifecycleEvent[] = [];

  add({
    now,
    gone = [],
    came = [],
    actors = [],
    values = [],
    events = [],
    self,
  }: PageChange): void {
    this.#now = now;
    this.#self = self ?? this.#self;
    for (const id of gone) this.#remove(id);
    for (const actor of came) this.#came.set(actor.id, actor);
    for (const change of actors) this.#change(change);
    for (const change of values) join(this.#values, change);
    for (const event of events) this.#events.push(event);
  }

  get result(): PageChange {
    return {
      now: this.#now,
      ...filled("gone", [...this.#gone]),
      ...filled("came", [...this.#came.values()]),
      ...filled("actors", [...this.#actors.values()]),
      ...filled("values", [...this.#values.values()]),
      ...filled("events", this.#events),
      ...(this.#self && { self: this.#self }),
    };
  }

  #remove(id: number): void {
    this.#gone.add(id);
    this.#came.delete(id);
    this.#actors.delete(id);
  }

  #change(change: Change<ActorState>): void {
    const newcomer = this.#came.get(change.id);
    if (newcomer === undefined) join(this.#actors, change);
    else
      this.#came.set(change.id, withoutNulls({ ...newcomer, ...change }) as unknown as ActorState);
  }
}

function join<Of extends Row>(changes: Map<number, Of>, change: Of): void {
  const before = changes.get(change.id);
  changes.set(change.id, before === undefined ? change : { ...before, ...change });
}

function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function filled<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
): { readonly [Key in Name]?: readonly Item[] } {
  return (items.length === 0 ? {} : { [name]: items }) as { [Key in Name]?: readonly Item[] };
}
