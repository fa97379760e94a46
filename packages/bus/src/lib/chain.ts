/**
 * A list that is walked often, and whose members come and go at any time, also while it is walked. Who walks it passes over
 * entries that have no item any more, and stops at those newer than the walk: they have not been there when it began.
 */
export class Chain<Item> {
  first: Entry<Item> | undefined = undefined;
  /** The order of the newest entry. */
  newest = 0;
  #last: Entry<Item> | undefined = undefined;

  /** @returns a function that takes the item out again */
  add(item: Item): () => void {
    const before = this.#last;
    const entry = new Entry(item, ++this.newest, before);
    if (before === undefined) this.first = entry;
    else before.after = entry;
    this.#last = entry;
    // Who keeps the function after it did its work must not keep all entries that came behind this one.
    let held: Entry<Item> | undefined = entry;
    return () => {
      if (held !== undefined) this.#remove(held);
      held = undefined;
    };
  }

  #remove(entry: Entry<Item>): void {
    const { before, after } = entry;
    entry.item = undefined;
    entry.before = undefined;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }
}

/** The place of one item. A walk that stands on it when it is removed finds the way from there by `after`. */
export class Entry<Item> {
  item: Item | undefined;
  readonly order: number;
  before: Entry<Item> | undefined;
  after: Entry<Item> | undefined = undefined;

  constructor(item: Item, order: number, before: Entry<Item> | undefined) {
    this.item = item;
    this.order = order;
    this.before = before;
  }
}
