import type { ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { nodeOf } from "./foreign.ts";
import { Node } from "./node.ts";
import { checkOptions, type EqualOptions, type ProviderOptions } from "./options.ts";
import { aborted } from "./outcome.ts";
import type { Dependency, Source } from "./provider.ts";
import { Reporter } from "./reporter.ts";
import { begin, checkSource } from "./source.ts";
import { succeed } from "./update.ts";
import { Value } from "./value.ts";

/** Options of a debounced value. */
export interface DebounceOptions<V> extends ProviderOptions, EqualOptions<V> {
  /**
   * Milliseconds after which a value is passed on even though its source has not been quiet, at least `wait`.
   * @defaultValue none
   */
  readonly maxWait?: number | undefined;
}

/**
 * A value that follows another one when that has been quiet for `wait` milliseconds. It begins with what its source has when
 * it is created. When its source stops for good, what is waiting is passed on at once.
 *
 * @throws {TypeError | RangeError} when the name, the source, a delay or an option makes no sense
 *
 * @example
 * ```ts
 * const clean = debounce("clean-temp", temperature, 200, { maxWait: 1_000 });
 * ```
 */
export function debounce<V>(
  name: string,
  source: Source<V>,
  wait: number,
  options?: DebounceOptions<NoInfer<V>>,
): Debounce<V> {
  return new Debounce(name, source, wait, options);
}

/** A value that is waiting for the source to be quiet; times in milliseconds. */
interface Waiting<V> {
  readonly value: V;
  /** When the first change came that has not been passed on. */
  readonly since: number;
  /** When the last one came. */
  readonly last: number;
}

/** A value that waits until its source is quiet; see `debounce`. */
export class Debounce<V> extends Value<V> {
  readonly kind = "debounce" as const;
  readonly #node: Node;
  readonly #reporter: Reporter;
  readonly #source: Source<V>;
  readonly #from: Node;
  readonly #wait: number;
  readonly #options: DebounceOptions<V>;
  #waiting: Waiting<V> | undefined = undefined;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  /** The version of the source that came last. */
  #seen: number;

  /** @throws {TypeError | RangeError} when the name, the source, a delay or an option makes no sense */
  constructor(name: string, source: Source<V>, wait: number, options: DebounceOptions<V> = {}) {
    checkDebounce(name, source, wait, options);
    const reporter = new Reporter("debounce", name, options.onError);
    const node = new Node(name, { report: reporter.listenerFailed }, { equal: options.equal });
    const from = nodeOf(source);
    super({ node, reporter, options, readEarly: begin(node, source, from) });
    this.#node = node;
    this.#reporter = reporter;
    this.#source = source;
    this.#from = from;
    this.#wait = wait;
    this.#options = options;
    this.#seen = from.version;
  }

  /** The source. */
  override get dependencies(): readonly Dependency[] {
    return [this.#source];
  }

  protected async live({ signal, ready, defer }: ActorContext): Promise<void> {
    const leave = this.#from.join({
      push: (value, version) => this.#push(value as V, version),
      end: () => this.#pass(),
      fail: (error) => this.#reporter.updateFailed(this.#reporter.toError(error)),
    });
    defer(() => {
      leave();
      this.#disarm();
    });
    this.#catchUp();
    ready();
    await aborted(signal);
  }

  /** What came while no life was there, or was left waiting by the last one, waits from now on. */
  #catchUp(): void {
    const left = this.#waiting;
    this.#waiting = undefined;
    try {
      const value = this.#source.read();
      if (this.#from.version !== this.#seen) return this.#push(value, this.#from.version);
    } catch {
      // The source has no value.
    }
    if (left !== undefined) this.#arrive(left.value);
  }

  #push(value: V, version: number): void {
    if (version === this.#seen) return;
    this.#seen = version;
    this.#arrive(value);
  }

  #arrive(value: V): void {
    const last = performance.now();
    this.#waiting = { value, since: this.#waiting?.since ?? last, last };
    this.#timer ??= setTimeout(this.#onTimer, this.#wait);
  }

  // The timer is not set anew with each change, which would cost more than all the rest: it looks when it fires.
  readonly #onTimer = (): void => {
    this.#timer = undefined;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const { maxWait = Infinity } = this.#options;
    const due = Math.min(waiting.last + this.#wait, waiting.since + maxWait);
    const left = due - performance.now();
    if (left >= 1) this.#timer = setTimeout(this.#onTimer, left);
    else this.#pass();
  };

  #pass(): void {
    this.#disarm();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    try {
      succeed(this.#node, waiting.value);
    } catch (thrown) {
      this.#node.error = this.#reporter.toError(thrown);
      this.#reporter.updateFailed(this.#node.error);
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function checkDebounce(
  name: string,
  source: unknown,
  wait: number,
  options: DebounceOptions<never>,
): void {
  const check = Check.creation("debounce", name);
  checkSource(check, source);
  check.delay("wait", wait);
  check.object("options", options);
  const { maxWait = wait, ...common } = options;
  check.delay("maxWait", maxWait, wait);
  checkOptions(check, common);
}
