import type { Inspectable, Status } from "@sup/bus";
import type { Actor } from "@sup/core";
import { childOf } from "../core-facts.ts";
import type { Change, ValueState } from "../../model/wire.ts";
import { errorLine } from "../text/error-text.ts";
import { kindOf, nameOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { valueText, valueType } from "../text/value-text.ts";

/** Characters of a value in a list. */
const shortLength = 200;

type Fields = { -readonly [Field in keyof ValueState]-?: ValueState[Field] | undefined };

type Changes = Record<string, unknown> & { readonly id: number };

/** One observed value as it was told last. */
export class ValueRow {
  readonly value: Inspectable<unknown>;
  readonly #redact: Redact | undefined;
  readonly #fields: Fields;
  /** What was shown last, and how often it had been updated then: an object may have changed in place. */
  #shown: unknown;
  #updatedAt: number | undefined;
  #error: unknown;
  #changes: Changes | undefined;

  constructor(id: number, value: Inspectable<unknown>, redact: Redact | undefined) {
    this.value = value;
    this.#redact = redact;
    this.#fields = {
      id,
      name: nameOf(value),
      kind: kindOf(value),
      type: "none",
      text: undefined,
      updatedAt: undefined,
      stale: undefined,
      error: undefined,
      from: undefined,
      actor: undefined,
    };
  }

  /** As it was read last. */
  get state(): ValueState {
    return this.#fields as ValueState;
  }

  /** Reads the value; returns what has changed since it was read before. */
  read(isInTree: (id: number) => boolean): Change<ValueState> | undefined {
    this.#changes = undefined;
    try {
      this.#readStatus(this.value.status());
      this.#setFrom(this.value.dependencies.map((one) => nameOf(one as { name?: unknown } as { name: unknown })));
    } catch (error) {
      this.#setError(error);
    }
    const child = childOf(this.value as unknown as Actor);
    this.#set("actor", child !== undefined && isInTree(child.id) ? child.id : undefined);
    return this.#changes as Change<ValueState> | undefined;
  }

  #readStatus({ value, updatedAt, error, stale }: Status<unknown>): void {
    if (value !== this.#shown || updatedAt !== this.#updatedAt) this.#show(value);
    this.#shown = value;
    this.#updatedAt = updatedAt;
    this.#set("updatedAt", updatedAt);
    this.#set("stale", stale || undefined);
    this.#setError(error);
  }

  #show(value: unknown): void {
    const redact = this.#redact;
    const text =
      value === undefined
        ? undefined
        : valueText(this.#fields.name!, value, { length: shortLength, redact });
    this.#set("type", text === hiddenText ? "string" : valueType(value));
    this.#set("text", text);
  }

  #setFrom(names: readonly string[]): void {
    const { from = [] } = this.#fields;
    if (names.length === from.length && names.every((name, index) => name === from[index])) return;
    this.#set("from", names);
  }

  #setError(error: unknown): void {
    if (error === this.#error) return;
    this.#error = error;
    this.#set("error", error === undefined ? undefined : errorLine(error));
  }

  #set<Field extends keyof Fields>(field: Field, value: Fields[Field]): void {
    if (this.#fields[field] === value) return;
    this.#fields[field] = value;
    this.#changes ??= { id: this.#fields.id! };
    this.#changes[field] = value ?? null;
  }
}

const hiddenText = '"[hidden]"';
