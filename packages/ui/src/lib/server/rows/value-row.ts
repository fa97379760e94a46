import type { Inspectable, Status } from "@sup/bus";
import { type Actor, childOf } from "@sup/core";
import type { Change, ValueState } from "../../model/wire.ts";
import { errorLine } from "../text/error-text.ts";
import { kindOf, nameOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { safely } from "../text/safely.ts";
import { valueText, valueType } from "../text/value-text.ts";
import { Row } from "./row.ts";
import { staleCause } from "./stale-cause.ts";

/** Characters of a value in a list. */
const shortLength = 200;

/** One observed value as it was told last. */
export class ValueRow extends Row<ValueState> {
  readonly value: Inspectable<unknown>;
  readonly #redact: Redact | undefined;
  /** What was shown last, and how often it had been updated then: an object may have changed in place. */
  #shown: unknown;
  #updatedAt: number | undefined;
  #error: unknown;

  constructor(id: number, value: Inspectable<unknown>, redact: Redact | undefined) {
    super({
      id,
      name: nameOf(value),
      kind: kindOf(value),
      type: "none",
      text: undefined,
      updatedAt: undefined,
      stale: undefined,
      error: undefined,
      cause: undefined,
      from: undefined,
      actor: undefined,
    });
    this.value = value;
    this.#redact = redact;
  }

  /** Reads the value; returns what has changed since it was read before. */
  read(isInTree: (id: number) => boolean): Change<ValueState> | undefined {
    try {
      const status = this.value.status();
      this.#readStatus(status);
      this.#setFrom(this.value.dependencies.map((one) => nameOf(one)));
      this.#setError(status.error);
      const isOldOnly = status.stale && status.error === undefined;
      this.set("cause", isOldOnly ? safely(() => staleCause(this.value), undefined) : undefined);
    } catch (error) {
      this.#setError(error);
    }
    const child = childOf(this.value as unknown as Actor);
    this.set("actor", child !== undefined && isInTree(child.id) ? child.id : undefined);
    return this.takeChanges();
  }

  #readStatus({ value, updatedAt, stale }: Status<unknown>): void {
    if (value !== this.#shown || updatedAt !== this.#updatedAt) this.#show(value);
    this.#shown = value;
    this.#updatedAt = updatedAt;
    this.set("updatedAt", updatedAt);
    this.set("stale", stale || undefined);
  }

  #show(value: unknown): void {
    const redact = this.#redact;
    const text =
      value === undefined
        ? undefined
        : valueText(this.fields.name!, value, { length: shortLength, redact });
    this.set("type", text === hiddenText ? "string" : valueType(value));
    this.set("text", text);
  }

  #setFrom(names: readonly string[]): void {
    const { from = [] } = this.fields;
    if (names.length === from.length && names.every((name, index) => name === from[index])) return;
    this.set("from", names);
  }

  #setError(error: unknown): void {
    if (error === this.#error) return;
    this.#error = error;
    this.set("error", error === undefined ? undefined : errorLine(error));
  }
}

const hiddenText = '"[hidden]"';
