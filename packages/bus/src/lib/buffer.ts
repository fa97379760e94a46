/** The newest values, up to a number of them: where there is no room, the oldest goes. */
export class Buffer<V> {
  length = 0;
  /** Values that had to go. */
  dropped = 0;
  readonly #capacity: number;
  #slots: (V | undefined)[] = [];
  #head = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(value: V): void {
    if (this.length === this.#capacity) {
      this.shift();
      this.dropped++;
    }
    this.#slots[(this.#head + this.length) % this.#capacity] = value;
    this.length++;
  }

  /** Takes the oldest value out; there must be one. */
  shift(): V {
    const value = this.#slots[this.#head] as V;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#capacity;
    this.length--;
    return value;
  }

  clear(): void {
    this.length = 0;
    this.#head = 0;
    this.#slots = [];
  }
}
