import type { Actor, ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { Buffer } from "./buffer.ts";
import { nodeOf } from "./foreign.ts";
import { Node } from "./node.ts";
import { isAbort } from "./outcome.ts";
import type { Dependency, Inspectable, Source, Status, Writer } from "./provider.ts";
import { Reporter } from "./reporter.ts";
import { checkSource } from "./source.ts";
import { isStale } from "./staleness.ts";
import { toEpoch } from "./time.ts";
import { succeed } from "./update.ts";

/** Options of a link. */
export interface LinkOptions {
  /**
   * Values that are kept while the destination is busy, at least 1; past it the oldest goes.
   * @defaultValue 1: the latest
   */
  readonly buffer?: number | undefined;
  /**
   * Whether a write that failed crashes the link.
   * @defaultValue `false`: it is reported, and the link goes on
   */
  readonly failFast?: boolean | undefined;
  /** Told of writes that failed. What it throws changes nothing. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/**
 * Writes the values of `source` to `destination`, one at a time: while the destination is busy the latest is kept. Where the
 * source has `initialNotify`, its current value is written first.
 *
 * Over a crash and a restart nothing that waits is lost, and what the source became meanwhile is written. A source that was
 * stopped and started again is followed again.
 *
 * @throws {TypeError | RangeError} when the name, the source, the destination or an option makes no sense
 *
 * @example
 * ```ts
 * const wiring = link("heater-wiring", tooCold, heater);
 * ```
 */
export function link<V>(
  name: string,
  source: Source<V>,
  destination: Writer<NoInfer<V>>,
  options?: LinkOptions,
): Link<V> {
  return new Link(name, source, destination, options);
}

/** An actor that writes the values of a source to a destination; see `link`. */
export class Link<V> implements Inspectable<V>, Actor {
  readonly name: string;
  readonly kind = "link" as const;
  /** Where it writes to. */
  readonly destination: Writer<V>;
  /**
   * Calls `listener` after each write that has succeeded. May be passed on without the object.
   * @returns a function that removes the listener
   */
  readonly onChange: (listener: () => void) => () => void;
  /** What was written. */
  readonly #node: Node;
  readonly #source: Source<V>;
  readonly #from: Node;
  readonly #failFast: boolean;
  readonly #reporter: Reporter;
  readonly #buffer: Buffer<V>;
  /** The version of the source that came last; `undefined` before the first life. */
  #seen: number | undefined = undefined;
  #arrived: (() => void) | undefined = undefined;

  /** @throws {TypeError | RangeError} when the name, the source, the destination or an option makes no sense */
  constructor(name: string, source: Source<V>, destination: Writer<V>, options: LinkOptions = {}) {
    checkLink(name, source, destination, options);
    const { buffer = 1, failFast = false, onError } = options;
    this.name = name;
    this.#source = source;
    this.#from = nodeOf(source);
    this.destination = destination;
    this.#failFast = failFast;
    this.#reporter = new Reporter("link", name, onError);
    this.#buffer = new Buffer(buffer);
    const node = new Node(name, { report: this.#reporter.listenerFailed });
    node.source = this.#from;
    this.#node = node;
    this.onChange = (listener) => node.listen(listener);
  }

  /** The source; `destination` is where its values go. */
  get dependencies(): readonly Dependency[] {
    return [this.#source];
  }

  /** Writes that have succeeded. */
  get updates(): number {
    return this.#node.updates;
  }

  /** What was written last, when, whether the last write failed, and whether the source is old. Never throws. */
  status(): Status<V> {
    const { value, updatedAt, error } = this.#node;
    return {
      value: value as V | undefined,
      updatedAt: toEpoch(updatedAt),
      error,
      stale: isStale(this.#node),
    };
  }

  /** One life; for supervisors. */
  async run(context: ActorContext): Promise<void> {
    const { signal, ready, defer } = context;
    this.#reporter.life = context;
    defer(this.#follow());
    signal.addEventListener("abort", () => this.#arrived?.());
    ready();
    while (!signal.aborted) {
      if (this.#buffer.length > 0) await this.#write(this.#buffer.shift(), signal);
      else await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  /** @returns a function that ends it */
  #follow(): () => void {
    const from = this.#from;
    const leave = from.join({
      push: (value, version) => {
        if (version !== this.#seen) this.#keep(value as V, version);
      },
      end: () => {},
      fail: (error) => this.#reporter.updateFailed(this.#reporter.toError(error)),
    });
    this.#seen ??= from.announced;
    if (from.startsWithCurrent || this.#seen !== from.announced) this.#keepCurrent();
    return leave;
  }

  #keepCurrent(): void {
    try {
      const value = this.#source.read();
      if (this.#from.hasValue) this.#keep(value, this.#from.version);
    } catch {
      // The source has no value yet.
    }
  }

  #keep(value: V, version: number): void {
    this.#seen = version;
    this.#buffer.push(value);
    this.#arrived?.();
  }

  async #write(value: V, signal: AbortSignal): Promise<void> {
    try {
      await this.destination.write(value, { signal });
      succeed(this.#node, value);
    } catch (thrown) {
      if (isAbort(thrown, signal)) return;
      const error = this.#reporter.toError(thrown);
      this.#node.error = error;
      this.#reporter.passedOn(error);
      if (this.#failFast) throw error;
    }
  }
}

function checkLink(
  name: string,
  source: unknown,
  destination: unknown,
  options: LinkOptions,
): void {
  const check = Check.creation("link", name);
  checkSource(check, source);
  if (typeof (destination as Partial<Writer<unknown>> | undefined)?.write !== "function") {
    check.refuse("destination", "something with `write`", destination);
  }
  check.object("options", options);
  const { buffer = 1, failFast = false, onError, ...rest } = options;
  check.integer("buffer", buffer, 1);
  check.boolean("failFast", failFast);
  check.functions({ onError });
  check.nothingElse(rest);
}
