import type { Receiver } from "./receiver.ts";

/** A line of receivers, first come, first out; a receiver stands in one line at a time. */
export class Line {
  first: Receiver | undefined;
  #last: Receiver | undefined;

  add(receiver: Receiver): void {
    if (this.first === undefined) this.first = receiver;
    else this.#last!.behind = receiver;
    this.#last = receiver;
  }

  /** Takes out the first one. */
  shift(): Receiver | undefined {
    const receiver = this.first;
    if (receiver !== undefined) {
      this.first = receiver.behind;
      receiver.behind = undefined;
    }
    return receiver;
  }

  remove(receiver: Receiver): void {
    const others = new Line();
    for (let one = this.shift(); one !== undefined; one = this.shift()) {
      if (one !== receiver) others.add(one);
    }
    this.first = others.first;
    this.#last = others.#last;
  }
}
