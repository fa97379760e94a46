import { type ActorContext, Mailbox, type MailboxStatus } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { sourceOwner } from "./freshness.ts";
import { Node } from "./node.ts";
import {
  checkFunction,
  checkOutsideOptions,
  type EqualOptions,
  type ProviderOptions,
  type StaleOptions,
} from "./options.ts";
import type { WriteOptions, Writer } from "./provider.ts";
import { Reporter } from "./reporter.ts";
import { type Effect, Service, type Writes } from "./service.ts";
import { Value } from "./value.ts";

/** Options of a trigger. */
export interface TriggerOptions<V> extends ProviderOptions, EqualOptions<V>, StaleOptions {
  /**
   * The value before the first write.
   * @defaultValue `undefined`
   */
  readonly initialValue?: V | undefined;
}

/** `initialValue` may be left out where `undefined` can be read. */
export type TriggerParameters<V, Initial> = undefined extends Initial
  ? [options?: TriggerOptions<V>]
  : [options: TriggerOptions<V> & { readonly initialValue: V }];

/**
 * A value that is written: each write runs the effect, one at a time and in order, and what has taken effect is the value. A
 * write whose effect fails rejects with its error, leaves the value, and shows in `status()`. Writes wait for the actor to
 * run, over crashes and restarts; when it stops for good they reject with core's `ActorStoppedError`.
 *
 * @throws {TypeError | RangeError} when the name or an option makes no sense
 *
 * @example
 * ```ts
 * const heater = trigger("heater", (on: boolean, { signal }) => plc.writeCoil(5, on, { signal }));
 * await heater.write(true);
 * ```
 */
export function trigger<V>(
  name: string,
  effect: Effect<V>,
  options: TriggerOptions<NoInfer<V>> & { readonly initialValue: NoInfer<V> },
): Trigger<V, V>;
export function trigger<V>(
  name: string,
  effect: Effect<V>,
  options?: TriggerOptions<NoInfer<V>>,
): Trigger<V>;
export function trigger<V>(
  name: string,
  effect: Effect<V>,
  options?: TriggerOptions<V>,
): Trigger<V> {
  return new Trigger(name, effect, options);
}

/** A value that is written; see `trigger`. */
export class Trigger<V, Initial extends V | undefined = undefined>
  extends Value<V | Initial>
  implements Writer<V>
{
  readonly kind = "trigger" as const;
  /** The writes that wait for their turn. */
  readonly mailbox: MailboxStatus;
  /**
   * Runs the effect with `value`, after all writes before it; at once, where nothing stands before it and effects take no
   * time. A write that is withdrawn before its turn never runs. May be passed on without the object, and its promise may be
   * ignored.
   * @returns resolves when the effect has succeeded. Rejects with the error of the effect; with the reason of the signal or
   * timeout; with core's `ActorStoppedError` or `ActorCrashedError` when the actor has stopped for good, or has ended with
   * the write in hand.
   */
  readonly write: (value: V, options?: WriteOptions) => Promise<void>;
  readonly #parts: ConstructorParameters<typeof Service<V>>[0];
  #service: Service<V> | undefined = undefined;

  /** @throws {TypeError | RangeError} when the name or an option makes no sense */
  constructor(name: string, effect: Effect<V>, ...[options = {}]: TriggerParameters<V, Initial>) {
    const check = Check.creation("trigger", name);
    checkFunction(check, "effect", effect);
    check.object("options", options);
    checkOutsideOptions(check, options);
    const reporter = new Reporter("trigger", name, options.onError);
    const { equal, initialValue, staleAfter } = options;
    const node = new Node(name, sourceOwner(reporter.listenerFailed, staleAfter), { equal });
    if (initialValue !== undefined) node.take(initialValue);
    super({ node, reporter, options, readEarly: () => undefined });
    const writes = new Mailbox<Writes<V>>();
    const call = writes.call.bind(writes) as unknown as Call<V>;
    this.mailbox = writes;
    this.#parts = { node, reporter, effect, writes };
    this.write = (value, options) => {
      const service = this.#service;
      if (service !== undefined) {
        if (options === undefined && service.isFree()) return service.writeAtOnce(value);
        service.makeWait();
      }
      return call("write", value, options);
    };
  }

  protected live(context: ActorContext): Promise<void> {
    this.#service?.leave();
    const service = new Service(this.#parts, context);
    this.#service = service;
    context.ready();
    return service.serve();
  }
}

/** `Mailbox.call` where the type of the value is not known. */
type Call<V> = (type: "write", value: V, options: WriteOptions | undefined) => Promise<void>;
