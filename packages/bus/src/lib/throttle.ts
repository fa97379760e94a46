import type { ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { nodeOf } from "./foreign.ts";
import { later, propagate, start, stop } from "./graph.ts";
import { flag, Node, type Owner } from "./node.ts";
import { checkOptions, type EqualOptions, type ProviderOptions } from "./options.ts";
import { aborted } from "./outcome.ts";
import type { Dependency, Source } from "./provider.ts";
import { Reporter } from "./reporter.ts";
import { remake } from "./settle.ts";
import { begin, checkSource } from "./source.ts";
import { now } from "./time.ts";
import { Value } from "./value.ts";

const { derived } = flag;

/** Options of a throttled value. */
export interface ThrottleOptions<V> extends ProviderOptions, EqualOptions<V> {}

/**
 * A value that follows another one at most once per `interval` milliseconds: the first change at once, together with all else
 * that comes from it; then always the latest, and the last one for certain. It begins with what its source has when it is
 * created. When its source stops for good, what is waiting is passed on at once.
 *
 * @throws {TypeError | RangeError} when the name, the source, the interval or an option makes no sense
 *
 * @example
 * ```ts
 * const ui = throttle("ui-temp", clean, 250);
 * ```
 */
export function throttle<V>(
  name: string,
  source: Source<V>,
  interval: number,
  options?: ThrottleOptions<NoInfer<V>>,
): Throttle<V> {
  return new Throttle(name, source, interval, options);
}

/** A value that follows its source at most once per interval; see `throttle`. */
export class Throttle<V> extends Value<V> {
  readonly kind = "throttle" as const;
  readonly #source: Source<V>;
  readonly #gate: Gate<V>;

  /** @throws {TypeError | RangeError} when the name, the source, the interval or an option makes no sense */
  constructor(name: string, source: Source<V>, interval: number, options: ThrottleOptions<V> = {}) {
    checkThrottle(name, source, interval, options);
    const reporter = new Reporter("throttle", name, options.onError);
    const gate = new Gate(name, source, interval, options.equal, reporter);
    super({ node: gate.node, reporter, options, readEarly: gate.readEarly });
    this.#source = source;
    this.#gate = gate;
  }

  /** The source. */
  override get dependencies(): readonly Dependency[] {
    return [this.#source];
  }

  protected async live({ signal, ready, defer }: ActorContext): Promise<void> {
    defer(() => this.#gate.shut());
    this.#gate.open();
    ready();
    await aborted(signal);
  }
}

/**
 * Lets one change through, and the next one after the interval. It is part of the graph, not a listener: what passes at once
 * passes before anything is computed from it.
 */
class Gate<V> implements Owner {
  readonly node: Node;
  readonly report: (error: unknown) => void;
  readonly readEarly: () => unknown;
  readonly #source: Source<V>;
  readonly #from: Node;
  readonly #interval: number;
  readonly #reporter: Reporter;
  /** The version of the source that was looked at last. */
  #seen: number;
  #isWaiting = false;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  #leave: (() => void) | undefined = undefined;

  constructor(
    name: string,
    source: Source<V>,
    interval: number,
    equal: ThrottleOptions<V>["equal"],
    reporter: Reporter,
  ) {
    this.#source = source;
    this.#from = nodeOf(source);
    this.#interval = interval;
    this.#reporter = reporter;
    this.report = reporter.listenerFailed;
    this.node = new Node(name, this, { flags: derived, equal });
    this.readEarly = begin(this.node, source, this.#from);
    this.#seen = this.#from.version;
  }

  /** Follows the source. What came meanwhile, or was left waiting, passes at once. */
  open(): void {
    this.#leave = this.#from.join({ push: () => {}, end: () => this.#passWaiting() });
    start(this.node);
    this.#passWaiting();
  }

  shut(): void {
    this.#leave?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    stop(this.node);
  }

  dependencies(): readonly Node[] {
    return [this.#from];
  }

  /** The source may have changed. */
  update(): boolean {
    if (this.#from.version === this.#seen) return false;
    this.#seen = this.#from.version;
    if (this.#timer === undefined) return this.#take();
    this.#isWaiting = true;
    return false;
  }

  failed(thrown: unknown): void {
    const error = this.#reporter.toError(thrown);
    this.node.error = error;
    this.#seen = -1;
    later(() => this.#reporter.updateFailed(error));
  }

  /** Takes what the source has; returns whether that is to be broadcast. */
  #take(at?: number): boolean {
    this.#isWaiting = false;
    if (!remake(this.node, this.#read, at)) return false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTimer, this.#interval);
    return true;
  }

  readonly #read = (): V => this.#source.read();

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#passWaiting();
  };

  #passWaiting(): void {
    const at = now();
    if (this.#isWaiting && this.#take(at)) propagate(this.node, at);
  }
}

function checkThrottle(
  name: string,
  source: unknown,
  interval: number,
  options: ThrottleOptions<never>,
): void {
  const check = Check.creation("throttle", name);
  checkSource(check, source);
  check.delay("interval", interval, 1);
  check.object("options", options);
  checkOptions(check, options);
}
