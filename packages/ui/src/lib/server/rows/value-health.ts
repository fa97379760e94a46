import type { Inspectable, Status } from "@sup/bus";
import type { Journal } from "../journal/journal.ts";
import { errorLine } from "../text/error-text.ts";
import { type StaleSource, staleSource } from "./stale-source.ts";

/** How far a value can be trusted. */
export interface Health {
  /** Why its last update failed, in one line. */
  readonly error: string | undefined;
  readonly stale: boolean;
  /** Whom it has its staleness from; left out where it is stale by itself. */
  readonly source: StaleSource | undefined;
  /** When its last update succeeded. */
  readonly updatedAt: number | undefined;
}

/** Milliseconds for which nobody is asked again why a value is stale. */
const askedAgainAfter = 1_000;

/** Judges a value again and again, and has it noted when it becomes ill or well. */
export class HealthCheck {
  readonly #value: Inspectable<unknown>;
  readonly #journal: Journal | undefined;
  #error: unknown;
  #line: string | undefined;
  #source: StaleSource | undefined;
  #askedAt = -Infinity;
  /** What the journal was told last. */
  #noted: string | undefined;

  constructor(value: Inspectable<unknown>, journal: Journal | undefined) {
    this.#value = value;
    this.#journal = journal;
  }

  /** Asks the value, which may throw: that is a failure, too. */
  read(): Health {
    try {
      return this.judge(this.#value.status());
    } catch (error) {
      return this.failed(error);
    }
  }

  judge({ error, stale, updatedAt }: Status<unknown>): Health {
    const source = stale ? this.#findSource() : undefined;
    if (!stale) this.#askedAt = -Infinity;
    return this.#note({ error: this.#lineOf(error), stale, source, updatedAt });
  }

  /** It could not be asked. */
  failed(error: unknown): Health {
    const line = this.#lineOf(error);
    return this.#note({ error: line, stale: false, source: undefined, updatedAt: undefined });
  }

  #lineOf(error: unknown): string | undefined {
    if (error !== this.#error) {
      this.#error = error;
      this.#line = error === undefined ? undefined : errorLine(error);
    }
    return this.#line;
  }

  #findSource(): StaleSource | undefined {
    const now = performance.now();
    if (now - this.#askedAt >= askedAgainAfter) {
      this.#askedAt = now;
      this.#source = staleSource(this.#value);
    }
    return this.#source;
  }

  #note(health: Health): Health {
    const illness = illnessOf(health);
    if (illness !== this.#noted) {
      this.#noted = illness;
      this.#journal?.noteHealth(this.#value, health);
    }
    return health;
  }
}

function illnessOf({ error, stale }: Health): string {
  if (error === undefined) return stale ? "stale" : "";
  return stale ? "failed and stale" : "failed";
}

/** Why a value is stale, where that is another one: `old because of reading: no answer`. */
export function causeOf({ error, source }: Health): string | undefined {
  if (source === undefined || error !== undefined) return undefined;
  const because = `old because of ${source.name}`;
  return source.error === undefined ? because : `${because}: ${source.error}`;
}
