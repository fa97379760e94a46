import type { Change } from "../../model/wire.ts";

/** All fields are there from the begin, as most of them change in place. */
export type Fields<State> = { -readonly [Field in keyof State]-?: State[Field] | undefined };

/** What was told last of something. It is read often, and allocates only what changed. */
export abstract class Row<State extends { readonly id: number }> {
  protected readonly fields: Fields<State>;
  #changes: { [field: string]: unknown } | undefined;

  constructor(fields: Fields<State>) {
    this.fields = fields;
  }

  /** As it was read last. */
  get state(): State {
    return this.fields as unknown as State;
  }

  protected set<Field extends keyof State & string>(
    field: Field,
    value: Fields<State>[Field],
  ): void {
    if (this.fields[field] === value) return;
    this.fields[field] = value;
    this.#changes ??= { id: this.fields.id };
    this.#changes[field] = value ?? null;
  }

  /** What was set since it was asked for the last time. */
  protected takeChanges(): Change<State> | undefined {
    const changes = this.#changes;
    this.#changes = undefined;
    return changes as Change<State> | undefined;
  }
}
