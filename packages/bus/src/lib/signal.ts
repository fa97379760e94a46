import type { ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { sourceOwner } from "./freshness.ts";
import { Node } from "./node.ts";
import {
  checkFunction,
  checkOutsideOptions,
  type EqualOptions,
  type OutsideOptions,
  type ProviderOptions,
  type StaleOptions,
} from "./options.ts";
import { isThenable, pause } from "./outcome.ts";
import { Reporter } from "./reporter.ts";
import { Ticks } from "./ticks.ts";
import { succeed } from "./update.ts";
import { Value } from "./value.ts";

/** Gets a new value. Its signal aborts when the actor must end. */
export type Update<V> = (context: { readonly signal: AbortSignal }) => V | PromiseLike<V>;

/** Options of a signal. */
export interface SignalOptions<V> extends ProviderOptions, EqualOptions<V>, StaleOptions {
  /**
   * Milliseconds from the begin of one poll to the begin of the next, at least 1. A poll that takes longer skips ticks.
   * @defaultValue 1,000
   */
  readonly interval?: number | undefined;
  /**
   * The value before the first poll has succeeded.
   * @defaultValue `undefined`
   */
  readonly initialValue?: V | undefined;
  /**
   * Polls in a row that must fail for the actor to crash, at least 1.
   * @defaultValue none: it never does
   */
  readonly failAfter?: number | undefined;
}

/** `initialValue` may be left out where the value may be `undefined`. */
export type SignalParameters<V> = undefined extends V
  ? [options?: SignalOptions<V>]
  : [options: SignalOptions<V> & { readonly initialValue: V }];

const defaultInterval = 1_000;

/**
 * A value that is polled: at once when its actor starts, and then in an interval. Polls never overlap. One that fails
 * leaves the value, and shows in `status()`.
 *
 * The actor is ready when the first poll is over.
 *
 * @throws {TypeError | RangeError} when the name or an option makes no sense
 *
 * @example
 * ```ts
 * const temperature = signal("temperature", ({ signal }) => plc.readFloat(100, { signal }), { interval: 100 });
 * ```
 */
export function signal<V>(
  name: string,
  update: Update<V>,
  options: SignalOptions<NoInfer<V>> & { readonly initialValue: NoInfer<V> },
): Signal<V>;
export function signal<V>(
  name: string,
  update: Update<V>,
  options?: SignalOptions<NoInfer<V>>,
): Signal<V | undefined>;
export function signal<V>(
  name: string,
  update: Update<V>,
  options?: SignalOptions<V>,
): Signal<V | undefined> {
  return new Signal<V | undefined>(name, update, options as SignalOptions<V | undefined>);
}

/** A value that is polled; see `signal`. */
export class Signal<V> extends Value<V> {
  readonly kind = "signal" as const;
  readonly #node: Node;
  readonly #reporter: Reporter;
  readonly #update: Update<V>;
  readonly #options: SignalOptions<V>;

  /** @throws {TypeError | RangeError} when the name or an option makes no sense */
  constructor(name: string, update: Update<V>, ...[options = {}]: SignalParameters<V>) {
    checkSignal(name, update, options);
    const reporter = new Reporter("signal", name, options.onError);
    const { initialValue, staleAfter } = options;
    const node = new Node(name, sourceOwner(reporter.listenerFailed, staleAfter), {
      equal: options.equal,
    });
    if (initialValue !== undefined) node.take(initialValue);
    super({ node, reporter, options, readEarly: () => undefined });
    this.#node = node;
    this.#reporter = reporter;
    this.#update = update;
    this.#options = options;
  }

  protected async live(context: ActorContext): Promise<void> {
    const { signal, ready } = context;
    const { interval = defaultInterval, failAfter = Infinity } = this.#options;
    const ticks = new Ticks(interval, performance.now());
    for (let failures = 0; ;) {
      failures = (await this.#poll(signal)) ? 0 : failures + 1;
      if (failures >= failAfter) throw this.#node.error;
      ready();
      await pause(ticks.next(performance.now()), signal);
      if (signal.aborted) return;
    }
  }

  /** Whether it succeeded; what comes of it after the life must end is nobody's any more. */
  async #poll(signal: AbortSignal): Promise<boolean> {
    try {
      const result = this.#update({ signal });
      const value = isThenable(result) ? await result : result;
      if (!signal.aborted) succeed(this.#node, value);
      return true;
    } catch (thrown) {
      if (signal.aborted) return true;
      const error = this.#reporter.toError(thrown);
      this.#node.error = error;
      this.#reporter.updateFailed(error);
      return false;
    }
  }
}

function checkSignal(
  name: string,
  update: unknown,
  options: OutsideOptions & Pick<SignalOptions<never>, "failAfter" | "interval">,
): void {
  const check = Check.creation("signal", name);
  checkFunction(check, "update", update);
  check.object("options", options);
  const { interval = defaultInterval, failAfter = 1, ...common } = options;
  check.delay("interval", interval, 1);
  check.integer("failAfter", failAfter, 1);
  checkOutsideOptions(check, common);
}
