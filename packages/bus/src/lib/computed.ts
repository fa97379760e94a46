import type { ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { checkDependencies, nodeOf } from "./foreign.ts";
import { later, release, start, stop } from "./graph.ts";
import { flag, Node, type Owner } from "./node.ts";
import { checkFunction, checkOptions, type EqualOptions, type ProviderOptions } from "./options.ts";
import { aborted } from "./outcome.ts";
import type { Dependency } from "./provider.ts";
import { Reporter } from "./reporter.ts";
import { Value } from "./value.ts";

const { derived, due, gathering, lazy, stale } = flag;

/** What a computed value is made from: a list, or a function that returns it, for what is declared later. */
export type Dependencies = readonly Dependency[] | (() => readonly Dependency[]);

/** Options of a computed value. */
export interface ComputedOptions<V> extends ProviderOptions, EqualOptions<V> {
  /**
   * Milliseconds in which changes come together before it is computed and broadcast. Who reads it within them gets the
   * value of that moment.
   * @defaultValue 0: it is computed with each change
   */
  readonly coalesceWindow?: number | undefined;
}

/**
 * A value that is computed from others whenever one of them changes: once for each change, after all that it depends on. No
 * reader ever sees it apart from what it is computed from.
 *
 * It can be read at any time. While its actor does not run, it is computed for who reads it, and broadcasts nothing. Where
 * `compute` throws, the value stays as it was, and `status()` shows the error; a read throws it if there was no value yet.
 *
 * @param dependencies a list, or a function that returns it, called when the value is computed first
 * @throws {TypeError | RangeError} when the name, a dependency or an option makes no sense
 *
 * @example
 * ```ts
 * const tooCold = computed("too-cold", () => clean.read() < 20, [clean]);
 * ```
 */
export function computed<V>(
  name: string,
  compute: () => V,
  dependencies: Dependencies,
  options?: ComputedOptions<NoInfer<V>>,
): Computed<V> {
  return new Computed(name, compute, dependencies, options);
}

/** A value that is computed from others; see `computed`. */
export class Computed<V> extends Value<V> {
  readonly kind = "computed" as const;
  readonly #computation: Computation;

  /** @throws {TypeError | RangeError} when the name, a dependency or an option makes no sense */
  constructor(
    name: string,
    compute: () => V,
    dependencies: Dependencies,
    options: ComputedOptions<V> = {},
  ) {
    checkComputed(name, compute, dependencies, options);
    const reporter = new Reporter("computed", name, options.onError);
    const computation = new Computation(name, compute, dependencies, options, reporter);
    const { node } = computation;
    super({ node, reporter, options, readEarly: () => fail(node) });
    this.#computation = computation;
  }

  /** What it was declared with; nothing as long as the function that returns it fails, which `status()` tells. */
  override get dependencies(): readonly Dependency[] {
    try {
      return this.#computation.declared();
    } catch {
      return [];
    }
  }

  protected async live({ signal, ready, defer }: ActorContext): Promise<void> {
    defer(() => this.#computation.stop());
    this.#computation.start();
    ready();
    await aborted(signal);
  }
}

/** What a computed value is in the graph. */
class Computation implements Owner {
  readonly node: Node;
  readonly report: (error: unknown) => void;
  readonly #dependencies: Dependencies;
  #known: readonly Dependency[] = [];
  readonly #window: number;
  readonly #reporter: Reporter;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    name: string,
    compute: () => unknown,
    dependencies: Dependencies,
    { equal, coalesceWindow = 0 }: ComputedOptions<never>,
    reporter: Reporter,
  ) {
    let flags = derived | lazy | stale | due;
    if (coalesceWindow > 0) flags |= gathering;
    this.node = new Node(name, this, { flags, compute, equal });
    this.report = reporter.listenerFailed;
    this.#dependencies = typeof dependencies === "function" ? dependencies : [...dependencies];
    this.#window = coalesceWindow;
    this.#reporter = reporter;
  }

  start(): void {
    start(this.node);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    stop(this.node);
  }

  dependencies(): readonly Node[] {
    this.#known = this.declared();
    return this.#known.map(nodeOf);
  }

  /** The list of dependencies; what returns it is asked until they are known to make no cycle. */
  declared(): readonly Dependency[] {
    if (this.node.isResolved) return this.#known;
    if (typeof this.#dependencies !== "function") return this.#dependencies;
    const list = this.#dependencies();
    checkDependencies(new Check(`compute "${this.node.name}"`), list);
    return [...list];
  }

  failed(thrown: unknown): void {
    const error = this.#reporter.toError(thrown);
    this.node.error = error;
    later(() => this.#reporter.updateFailed(error));
  }

  /** Opens the window, if it is not open. */
  postpone(): void {
    this.#timer ??= setTimeout(this.#onWindowOver, this.#window);
  }

  readonly #onWindowOver = (): void => {
    this.#timer = undefined;
    release(this.node);
  };
}

function fail(node: Node): never {
  throw node.error;
}

function checkComputed(
  name: string,
  compute: unknown,
  dependencies: unknown,
  options: ComputedOptions<never>,
): void {
  const check = Check.creation("computed", name);
  checkFunction(check, "compute", compute);
  if (typeof dependencies !== "function") checkDependencies(check, dependencies);
  check.object("options", options);
  const { coalesceWindow = 0, ...common } = options;
  check.delay("coalesceWindow", coalesceWindow);
  checkOptions(check, common);
}
