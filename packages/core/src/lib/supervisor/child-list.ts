import type { Child } from "./child.ts";

/**
 * The children of a supervisor in the order in which they came. They are linked to each other, so that a million of them
 * come and go at the cost of one each.
 */
export class ChildList {
  #first: Child | undefined;
  #last: Child | undefined;

  add(child: Child): void {
    child.before = this.#last;
    if (this.#last === undefined) this.#first = child;
    else this.#last.after = child;
    this.#last = child;
  }

  remove(child: Child): void {
    const { before, after } = child;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    child.before = child.after = undefined;
  }

  toArray(): Child[] {
    const children: Child[] = [];
    for (let child = this.#first; child !== undefined; child = child.after) children.push(child);
    return children;
  }
}
