/** What a server asked for as to when to come back. Times are given to it: it knows no clock. */
export class Pace {
  readonly #bounds: { readonly min: number; readonly max: number };
  #reconnectionTime = 0;
  #due = 0;

  constructor(bounds: { readonly min: number; readonly max: number }) {
    this.#bounds = bounds;
  }

  /** The stream said `retry`: from now on each life waits that long after the one before. */
  asked(milliseconds: number): void {
    this.#reconnectionTime = this.#within(milliseconds);
  }

  /** A life was lost, with what the server said as `Retry-After`. */
  lost(now: number, retryAfter: number | undefined): void {
    const once = retryAfter === undefined ? 0 : this.#within(retryAfter);
    this.#due = now + Math.max(this.#reconnectionTime, once);
  }

  /** How long the next life still has to wait. */
  remaining(now: number): number {
    return Math.max(0, this.#due - now);
  }

  #within(milliseconds: number): number {
    return Math.min(Math.max(milliseconds, this.#bounds.min), this.#bounds.max);
  }
}

/** The value of a `Retry-After` header, seconds or a date (RFC 9110, section 10.2.3), as milliseconds from `now` on. */
export function retryAfterOf(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
