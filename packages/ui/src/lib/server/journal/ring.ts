/** The newest of a sequence: what comes past `capacity` takes the place of the oldest. */
export class Ring<Item> {
  readonly #capacity: number;
  readonly #items: Item[] = [];
  /** How many came so far. */
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items[this.#count++ % this.#capacity] = item;
  }

  /** The newest `count`, oldest first. */
  newest(count: number = this.length): Item[] {
    const items: Item[] = [];
    for (let at = this.#count - Math.min(count, this.length); at < this.#count; at++) {
      items.push(this.#items[at % this.#capacity]!);
    }
    return items;
  }

  clear(): void {
    this.#items.length = 0;
    this.#count = 0;
  }
}
