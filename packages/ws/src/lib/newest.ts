/** A queue of at most `capacity` values: one more pushes the oldest out. */
export class Newest<Value> {
  readonly #capacity: number;
  #values: (Value | undefined)[] = [];
  /** Where the oldest value is; what was before it has been taken. */
  #first = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#values.length - this.#first;
  }

  /** @returns whether the oldest value was pushed out. */
  push(value: Value): boolean {
    this.#values.push(value);
    const isOver = this.length > this.#capacity;
    if (isOver) this.shift();
    return isOver;
  }

  /** Takes the oldest value; only where there is one. */
  shift(): Value {
    const value = this.#values[this.#first] as Value;
    this.#values[this.#first] = undefined;
    this.#first += 1;
    // Half of it is empty by then, so that each value is moved once on average.
    if (this.#first > 32 && this.#first * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
