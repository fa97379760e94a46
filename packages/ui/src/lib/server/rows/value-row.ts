import type { Inspectable, Status } from "@sup/bus";
import { type Actor, childOf } from "@sup/core";
import type { Change, ValueState } from "../../model/wire.ts";
import type { Journal } from "../journal/journal.ts";
import { givenNameOf, kindOf, nameOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { valueText, valueType } from "../text/value-text.ts";
import { Row } from "./row.ts";
import { causeOf, type Health, HealthCheck } from "./value-health.ts";

/** Characters of a value in a list. */
const shortLength = 200;

/** One observed value as it was told last. */
export class ValueRow extends Row<ValueState> {
  readonly value: Inspectable<unknown>;
  readonly #redact: Redact | undefined;
  /** What was shown last, and how often it had been updated then: an object may have changed in place. */
  #shown: unknown;
  #updatedAt: number | undefined;
  readonly #check: HealthCheck;

  /** @param journal - Told when the value fails, becomes stale, or recovers. */
  constructor(
    id: number,
    value: Inspectable<unknown>,
    redact: Redact | undefined,
    journal?: Journal,
  ) {
    super({
      id,
      name: nameOf(value),
      kind: kindOf(value),
      type: "none",
      text: undefined,
      updatedAt: undefined,
      stale: undefined,
      error: undefined,
      staleFrom: undefined,
      cause: undefined,
      from: undefined,
      actor: undefined,
    });
    this.value = value;
    this.#redact = redact;
    this.#check = new HealthCheck(value, journal);
  }

  /** Reads the value; returns what has changed since it was read before. */
  read(isInTree: (id: number) => boolean): Change<ValueState> | undefined {
    this.#setHealth(this.#readValue());
    const child = childOf(this.value as unknown as Actor);
    this.set("actor", child !== undefined && isInTree(child.id) ? child.id : undefined);
    return this.takeChanges();
  }

  #readValue(): Health {
    try {
      const status = this.value.status();
      this.#setValue(status);
      this.#setFrom(this.value.dependencies.map((one) => nameOf(one)));
      return this.#check.judge(status);
    } catch (error) {
      return this.#check.failed(error);
    }
  }

  #setValue({ value, updatedAt }: Status<unknown>): void {
    if (value !== this.#shown || updatedAt !== this.#updatedAt) this.#show(value);
    this.#shown = value;
    this.#updatedAt = updatedAt;
    this.set("updatedAt", updatedAt);
  }

  #setHealth(health: Health): void {
    this.set("error", health.error);
    this.set("stale", health.stale || undefined);
    this.set("staleFrom", health.source?.name);
    this.set("cause", causeOf(health));
  }

  #show(value: unknown): void {
    const redact = this.#redact;
    const text =
      value === undefined
        ? undefined
        : valueText(givenNameOf(this.value), value, { length: shortLength, redact });
    this.set("type", text === hiddenText ? "string" : valueType(value));
    this.set("text", text);
  }

  #setFrom(names: readonly string[]): void {
    const { from = [] } = this.fields;
    if (names.length === from.length && names.every((name, index) => name === from[index])) return;
    this.set("from", names);
  }
}

const hiddenText = '"[hidden]"';
