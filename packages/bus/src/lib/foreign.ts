import type { Inlet } from "./broadcast.ts";
import { Node, untold } from "./node.ts";
import { doubt, propagate } from "./graph.ts";
import { aborted, isThenable, pause } from "./outcome.ts";
import type { Dependency, Provider, Reader, Watcher } from "./provider.ts";

/** Where the values of this package have their node. */
export const inGraph: unique symbol = Symbol("inGraph");

const nodes = new WeakMap<object, ForeignNode>();

/** Whether a value tells when it changes. */
export function isDependency(value: unknown): value is Dependency {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  const { onChange, watch } = value as Partial<Provider<unknown>>;
  return typeof onChange === "function" || typeof watch === "function";
}

/** The node of a value: its own, or one that stands for a provider that somebody else wrote. */
export function nodeOf(dependency: Dependency): Node {
  const own = (dependency as { [inGraph]?: Node })[inGraph];
  if (own !== undefined) return own;
  let node = nodes.get(dependency);
  if (node === undefined) {
    node = new ForeignNode(dependency);
    nodes.set(dependency, node);
  }
  return node;
}

/** Milliseconds until a provider whose `watch` has ended is watched again: it may have stopped, and come back. */
const pauseBetweenWatches = 1_000;

/** Stands for a provider that is none of this package's: watches it while somebody here needs that. */
class ForeignNode extends Node {
  readonly #provider: Partial<Provider<unknown>>;
  #users = 0;
  #inlets = 0;
  #watch: AbortController | undefined = undefined;

  constructor(provider: object) {
    const { name } = provider as { name?: unknown };
    super(typeof name === "string" ? name : "a provider", (error) => this.#tell(error));
    this.#provider = provider;
    this.flags = untold;
    this.#read();
  }

  override join(inlet: Inlet): () => void {
    this.#inlets++;
    this.used();
    let leave: (() => void) | undefined = super.join(inlet);
    return () => {
      if (leave === undefined) return;
      leave();
      leave = undefined;
      this.#inlets--;
      this.unused();
    };
  }

  // An object may be another one inside.
  override sample(): void {
    const { value } = this;
    this.#read();
    const isSame = this.hasValue && isPrimitive(value) && Object.is(value, this.value);
    if (!isSame) this.version++;
  }

  override used(): void {
    if (this.#users++ > 0) return;
    this.sample();
    this.announced = this.version;
    this.flags &= ~untold;
    this.#watch = new AbortController();
    void this.#follow(this.#watch.signal);
  }

  override unused(): void {
    if (--this.#users > 0) return;
    this.#watch?.abort();
    this.#watch = undefined;
    this.#read();
    this.flags |= untold;
    doubt();
  }

  override isOld(): boolean {
    try {
      const { status } = this.#provider as { status?: () => { stale?: unknown } };
      return status?.call(this.#provider).stale === true;
    } catch {
      return false;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#listen(signal);
      } catch (error) {
        if (!signal.aborted) this.#tell(error);
      }
      if (signal.aborted) return;
      this.audience.end();
      await pause(pauseBetweenWatches, signal);
      if (signal.aborted) return;
      this.#changed();
    }
  }

  /** Resolves when the provider has nothing more to tell. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { onChange } = this.#provider;
    if (typeof onChange !== "function") return this.#iterate(signal);
    let isOver = false;
    const stop: unknown = onChange.call(this.#provider, () => {
      if (!isOver) this.#changed();
    });
    signal.addEventListener("abort", () => {
      isOver = true;
      if (typeof stop === "function") stop();
    });
    await aborted(signal);
  }

  async #iterate(signal: AbortSignal): Promise<void> {
    const notifications = (this.#provider as Watcher).watch({ signal })[Symbol.asyncIterator]();
    signal.addEventListener("abort", () => {
      // It may end in its own time: nobody waits for it.
      const returned = notifications.return?.();
      if (isThenable(returned)) returned.then(undefined, () => {});
    });
    for (;;) {
      const { done } = await notifications.next();
      if (done === true || signal.aborted) return;
      this.#changed();
    }
  }

  #changed(): void {
    if (this.#inlets > 0) this.#read();
    propagate(this);
  }

  #read(): void {
    const { read } = this.#provider as Partial<Reader<unknown>>;
    this.hasValue = false;
    if (typeof read !== "function") return;
    try {
      this.value = read.call(this.#provider);
      this.hasValue = true;
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    this.audience.fail(error);
    for (let edge = this.firstDependent; edge !== undefined; edge = edge.after) {
      edge.dependent.report(error);
    }
  }
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function");
}
