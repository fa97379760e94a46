/** Items that wait to be read, in the order in which they came. */
export class Backlog<Item> {
  #items: (Item | undefined)[] = [];
  /** Where the oldest one is; what was before it has been taken. */
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the oldest item; only where there is one. */
  shift(): Item {
    const item = this.#items[this.#first] as Item;
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#items.length) this.clear();
    // Half of it is empty by then, so that each item is moved once on average.
    else if (this.#first > 32 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
  }
}
