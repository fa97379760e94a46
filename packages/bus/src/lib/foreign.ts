import type { Check } from "@sup/core/adapter";
import { flag, Node, type Owner } from "./node.ts";
import { propagate } from "./graph.ts";
import { aborted, pause } from "./outcome.ts";
import { doubt } from "./settle.ts";
import type { Dependency, Provider, Reader, Watcher } from "./provider.ts";

const { empty, untold } = flag;

/** Where the values of this package have their node. */
export const inGraph: unique symbol = Symbol("inGraph");

const nodes = new WeakMap<object, Node>();

/** Whether a value tells when it changes. */
export function isDependency(value: unknown): value is Dependency {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  const { onChange, watch } = value as Partial<Provider<unknown>>;
  return typeof onChange === "function" || typeof watch === "function";
}

/** Checks what another value comes from. */
export function checkDependencies(
  check: Check,
  list: unknown,
): asserts list is readonly Dependency[] {
  if (!Array.isArray(list)) {
    check.refuse("dependencies", "an array, or a function that returns one", list);
  }
  for (const [index, one] of list.entries()) {
    if (isDependency(one)) continue;
    check.refuse(`dependencies[${index}]`, "something with `onChange` or `watch`", one);
  }
}

/** The node of a value: its own, or one that stands for a provider that somebody else wrote. */
export function nodeOf(dependency: Dependency): Node {
  const own = (dependency as { [inGraph]?: Node })[inGraph];
  if (own !== undefined) return own;
  let node = nodes.get(dependency);
  if (node === undefined) {
    ({ node } = new Foreign(dependency));
    nodes.set(dependency, node);
  }
  return node;
}

/** Milliseconds until a provider whose `watch` has ended is watched again: it may have stopped, and come back. */
const pauseBetweenWatches = 1_000;

/** Stands for a provider that is none of this package's: watches it while somebody here needs that. */
class Foreign implements Owner {
  readonly node: Node;
  readonly #provider: Partial<Provider<unknown>>;
  #users = 0;
  #watch: AbortController | undefined = undefined;

  constructor(provider: object) {
    const { name } = provider as { name?: unknown };
    this.#provider = provider;
    this.node = new Node(typeof name === "string" ? name : "a provider", this, { flags: untold });
    this.#read();
  }

  readonly report = (error: unknown): void => {
    this.node.audience?.fail(error);
    for (let edge = this.node.firstDependent; edge !== undefined; edge = edge.after) {
      edge.dependent.owner.report(error);
    }
  };

  // An object may be another one inside.
  sample(): void {
    const { value } = this.node;
    this.#read();
    const isSame = this.node.hasValue && isPrimitive(value) && Object.is(value, this.node.value);
    if (!isSame) this.node.version++;
  }

  used(): void {
    if (this.#users++ > 0) return;
    this.sample();
    this.node.announced = this.node.version;
    this.node.flags &= ~untold;
    this.#watch = new AbortController();
    void this.#follow(this.#watch.signal);
  }

  unused(): void {
    if (--this.#users > 0) return;
    this.#watch?.abort();
    this.#watch = undefined;
    this.#read();
    this.node.flags |= untold;
    doubt();
  }

  isOld(): boolean {
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
        if (!signal.aborted) this.report(error);
      }
      if (signal.aborted) return;
      this.node.audience?.end();
      await pause(pauseBetweenWatches, signal);
      if (signal.aborted) return;
      this.#changed();
    }
  }

  /** Resolves when the provider has nothing more to tell. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { onChange } = this.#provider;
    if (typeof onChange !== "function") return this.#iterate(signal);
    const stop: unknown = onChange.call(this.#provider, () => {
      if (!signal.aborted) this.#changed();
    });
    await aborted(signal);
    // It may fail, now or later: then there is nobody left to tell.
    if (typeof stop === "function") await stop();
  }

  async #iterate(signal: AbortSignal): Promise<void> {
    const notifications = (this.#provider as Watcher).watch({ signal })[Symbol.asyncIterator]();
    const end = (): void => {
      // It may end in its own time, or fail to: nobody waits for it.
      void (async () => notifications.return?.())().catch(() => {});
    };
    signal.addEventListener("abort", end);
    try {
      for (;;) {
        const { done } = await notifications.next();
        if (done === true || signal.aborted) return;
        this.#changed();
      }
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  #changed(): void {
    if (this.node.audience !== undefined) this.#read();
    propagate(this.node);
  }

  #read(): void {
    const { read } = this.#provider as Partial<Reader<unknown>>;
    this.node.flags |= empty;
    if (typeof read !== "function") return;
    try {
      this.node.take(read.call(this.#provider));
    } catch (error) {
      this.report(error);
    }
  }
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function");
}
