import type { Reader } from "@sup/bus";

/** A provider as users write them, as small as it may be: it can be read, and calls listeners when it is set. */
export class Cell<V> implements Reader<V> {
  readonly name: string;
  readonly listeners: Set<() => void> = new Set();
  #value: V;

  constructor(name: string, value: V) {
    this.name = name;
    this.#value = value;
  }

  read(): V {
    return this.#value;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(value: V): void {
    this.#value = value;
    for (const listener of this.listeners) listener();
  }
}
