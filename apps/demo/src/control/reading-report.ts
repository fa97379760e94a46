import type { Logger } from "@sup/core";
import { staleAfter, type Reading } from "../heater/heater.ts";
import { durationText } from "../text/duration.ts";

/** Milliseconds between two lines while there is no reading. */
const calm = 2_000;
/** Milliseconds of a reading that are worth a word. */
const slow = 300;

/** Logs the readings that are worth a line: each new one, and while there is none the first failure and one now and then. */
export class ReadingReport {
  readonly #logger: Logger;
  #latest: Reading | undefined;
  /** When there was none last, while there is none. */
  #failedAt: number | undefined;
  #lastLine = -Infinity;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  came(reading: Reading): void {
    const before = this.#latest;
    const failedAt = this.#failedAt;
    if (before?.at === reading.at) return;
    // What was read before the failure, and is shown only now, does not end it.
    const isBack = failedAt !== undefined;
    if (isBack && reading.at <= failedAt) return;
    this.#latest = reading;
    this.#failedAt = undefined;
    this.#logger.info({}, `${textOf(reading)}${remarkOn(reading, isBack, before)}`);
  }

  /** There is no reading at `now`, in epoch milliseconds. */
  failed(error: unknown, now: number): void {
    const isNews = this.#failedAt === undefined;
    this.#failedAt = now;
    if (!isNews && now - this.#lastLine < calm) return;
    this.#lastLine = now;
    this.#logger.warn({ error }, `no reading ${sinceWhen(this.#latest, now)}`);
  }
}

function textOf({ celsius }: Reading): string {
  return `${celsius.toFixed(1)} °C`;
}

function remarkOn(reading: Reading, isBack: boolean, before: Reading | undefined): string {
  if (isBack && before !== undefined) {
    return `; readings are back after ${durationText(reading.at - before.at)}`;
  }
  return reading.took < slow ? "" : `; the answer took ${durationText(reading.took)}`;
}

function sinceWhen(latest: Reading | undefined, now: number): string {
  if (latest === undefined) return "yet";
  const stale = now - latest.at >= staleAfter ? `, ${textOf(latest)} is stale` : "";
  return `for ${durationText(now - latest.at)}${stale}`;
}
