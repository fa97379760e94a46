import type { ActorState, PageChange, PageSnapshot, ValueState } from "../../src/lib/model/wire.ts";

/** What a page knows: a snapshot, and the changes that were applied to it, as plainly as the wire says. */
export class Mirror {
  readonly actors: Map<number, Record<string, unknown>>;
  readonly values: Map<number, Record<string, unknown>>;
  readonly events: Set<number>;

  constructor(
    actors: readonly ActorState[] = [],
    values: readonly ValueState[] = [],
    events: readonly number[] = [],
  ) {
    this.actors = new Map(actors.map((actor) => [actor.id, { ...actor }]));
    this.values = new Map(values.map((value) => [value.id, { ...value }]));
    this.events = new Set(events);
  }

  static of({ actors, values, events }: PageSnapshot): Mirror {
    return new Mirror(
      actors,
      values,
      events.map(({ seq }) => seq),
    );
  }

  clone(): Mirror {
    const copy = new Mirror([], [], [...this.events]);
    for (const [id, actor] of this.actors) copy.actors.set(id, { ...actor });
    for (const [id, value] of this.values) copy.values.set(id, { ...value });
    return copy;
  }

  apply({ gone = [], came = [], actors = [], values = [], events = [] }: PageChange): this {
    for (const id of gone) this.actors.delete(id);
    for (const actor of came) this.actors.set(actor.id, { ...actor });
    for (const change of actors) update(this.actors, change);
    for (const change of values) update(this.values, change);
    for (const { seq } of events) this.events.add(seq);
    return this;
  }

  /** To be compared: rows in the order of their ids. */
  get state(): unknown {
    const sorted = (rows: Map<number, unknown>): unknown[] =>
      [...rows.entries()].sort(([one], [other]) => one - other).map(([, row]) => row);
    return { actors: sorted(this.actors), values: sorted(this.values) };
  }
}

function update(rows: Map<number, Record<string, unknown>>, change: { readonly id: number }): void {
  const row = rows.get(change.id);
  // A change of a row that is not known would be a fault of the server.
  if (row === undefined) throw new Error(`There is no row ${change.id}`);
  for (const [field, value] of Object.entries(change)) {
    if (value === null) delete row[field];
    else row[field] = value;
  }
}
