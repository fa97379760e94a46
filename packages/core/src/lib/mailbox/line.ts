import type { Receiver } from "./receiver.ts";

/** A line of receivers, first come, first out; a receiver stands in one line at a time. */
export class Line {
  /** The last one; behind it stands the first, so that one field is enough. */
  #last: Receiver | undefined;

  get first(): Receiver | undefined {
    return this.#last?.behind;
  }

  add(receiver: Receiver): void {
    receiver.behind = receiver;
    if (this.#last !== undefined) {
      receiver.behind = this.#last.behind;
      this.#last.behind = receiver;
    }
    this.#last = receiver;
  }

  /** Takes out the first one. */
  shift(): Receiver | undefined {
    const first = this.#last?.behind;
    if (first === undefined) return undefined;
    if (first === this.#last) this.#last = undefined;
    else this.#last!.behind = first.behind;
    first.behind = undefined;
    return first;
  }

  remove(receiver: Receiver): void {
    const others = new Line();
    for (let one = this.shift(); one !== undefined; one = this.shift()) {
      if (one !== receiver) others.add(one);
    }
    this.#last = others.#last;
  }
}
