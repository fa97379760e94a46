import { Check } from "@sup/core/adapter";
import type { StickyKey } from "./rendezvous.ts";

/** How `next` and `retry` choose. */
export type RoutingStrategy = "round-robin" | "random" | "least-loaded";

/** When a routee that keeps failing rests. */
export interface EjectOptions {
  /** Failures in a row through `retry` that send a routee to rest: an integer of 1 or more. */
  readonly after: number;
  /** Milliseconds that it rests; counting begins anew after that. */
  readonly for: number;
}

/** Options of every hub. */
export interface RoutingOptions<Routee> {
  /**
   * What identifies a routee for `sticky`: different for each, and the same in every process.
   * @defaultValue its `name`; where it has none, or one that another routee has, the order in which it was added
   */
  readonly key?: ((routee: Routee) => StickyKey) | undefined;
  /**
   * Sends a routee to rest that keeps failing: `next` and `retry` pass it over until then, unless all rest.
   * @defaultValue none rests
   */
  readonly eject?: EjectOptions | undefined;
  /**
   * Told of each routee that failed in `fanOut`, or in `broadcast` after it had returned a promise; the error is what was
   * thrown. What this throws or rejects with itself is dropped.
   * @defaultValue nobody is told
   */
  readonly onError?: ((error: unknown, routee: Routee) => void) | undefined;
}

/** Options of `leastLoaded`. */
export interface LeastLoadedOptions<Routee> extends RoutingOptions<Routee> {
  /**
   * How busy a routee is. It is asked twice for each choice, so it should be quick.
   * @defaultValue the length of its mailbox; for a routee without one its calls in flight through `retry`, `fanOut`,
   * `fanOutWait` and `broadcast`
   */
  readonly load?: ((routee: Routee) => number) | undefined;
}

/** Options of `new Hub`. */
export interface HubOptions<Routee> extends LeastLoadedOptions<Routee> {
  /**
   * How `next` and `retry` choose.
   * @defaultValue `"round-robin"`
   */
  readonly strategy?: RoutingStrategy | undefined;
}

/** @throws {TypeError | RangeError} when an option makes no sense */
export function checkHubOptions(options: HubOptions<never>): void {
  const check = new Check("create hub");
  check.object("options", options);
  const { strategy = "round-robin", load, key, eject, onError, ...rest } = options;
  check.choice("strategy", strategy, ["round-robin", "random", "least-loaded"]);
  check.functions({ load, key, onError });
  if (load !== undefined && strategy !== "least-loaded") {
    throw new TypeError(
      `Cannot ${check.action}: \`load\` means nothing with \`strategy\` "${strategy}"`,
    );
  }
  if (eject !== undefined) checkEject(check, eject);
  check.nothingElse(rest);
}

function checkEject(check: Check, eject: EjectOptions): void {
  check.object("eject", eject);
  const { after, for: rest, ...others } = eject;
  check.integer("eject.after", after, 1);
  check.delay("eject.for", rest, 1);
  check.nothingElse(others, "eject.");
}
