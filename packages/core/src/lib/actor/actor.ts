import type { MailboxOptions } from "../mailbox/mailbox.ts";
import { Mailbox } from "../mailbox/mailbox.ts";
import type {
  CallOptions,
  Handlers,
  MessageType,
  Reply,
  SendOptions,
  SendParameters,
} from "../mailbox/message.ts";
import type { ServeOptions } from "../mailbox/server.ts";
import { check, checkFunction, checkName, checkNothingElse } from "../options.ts";
import { isThenable } from "../outcome.ts";
import type { Child } from "../supervisor/child.ts";
import { Life } from "../supervisor/life.ts";
import { supervisedAs } from "../supervisor/claim.ts";
import type { Actor, ActorContext } from "./context.ts";

/** Options of `actor`. */
export interface ActorOptions<Protocol> extends MailboxOptions<Protocol>, ServeOptions {}

const defaults = {};

/** Makes the handlers of one life: its variables are the actor's state. */
export type Setup<Protocol> = (context: ActorContext) => Protocol | Promise<Protocol>;

/**
 * A stateful actor. `setup` runs at the start of every life, so that a restart begins clean; the handlers that it returns
 * are the protocol. The actor is ready when `setup` has returned.
 *
 * @throws {TypeError | RangeError} when the name or an option makes no sense
 *
 * @example
 * ```ts
 * const counter = actor("counter", () => {
 *   let count = 0;
 *   return {
 *     increment(by: number) { count += by; },
 *     get: () => count,
 *   };
 * });
 * counter.cast("increment", 2);
 * const count = await counter.call("get");
 * ```
 */
export function actor<Protocol extends object & Handlers<Protocol>>(
  name: string,
  setup: Setup<Protocol>,
  options: ActorOptions<NoInfer<Protocol>> = defaults,
): ActorRef<Protocol> {
  return new ActorRef(name, setup, options);
}

/** A stateful actor, made by `actor`. */
export class ActorRef<Protocol extends Handlers<Protocol>> implements Actor {
  readonly name: string;
  readonly mailbox: Mailbox<Protocol>;
  /** @internal */
  [supervisedAs]: Child | undefined;
  readonly #setup: Setup<Protocol>;
  readonly #options: ActorOptions<Protocol>;

  /** @internal */
  constructor(name: string, setup: Setup<Protocol>, options: ActorOptions<Protocol>) {
    checkName("create actor", name);
    const action = `create actor "${name}"`;
    check(action, "setup", setup, "function", "a function");
    check(action, "options", options, "object", "an object");
    const { capacity: _, onUndelivered: __, isFatal, ...rest } = options;
    checkNothingElse(action, rest);
    checkFunction(action, "isFatal", isFatal);
    this.name = name;
    this.mailbox = new Mailbox(options);
    this.#setup = setup;
    this.#options = options;
  }

  /** As `Mailbox.cast`. */
  cast<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<void> | undefined;
  cast(type: string, payload?: unknown, options?: SendOptions): Promise<void> | undefined {
    return this.mailbox.cast(type as never, payload as never, options as never);
  }

  /** As `Mailbox.tryCast`. */
  tryCast<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): boolean;
  tryCast(type: string, payload?: unknown, options?: SendOptions): boolean {
    return this.mailbox.tryCast(type as never, payload as never, options as never);
  }

  /** As `Mailbox.call`. */
  call<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<Reply<Protocol, Type>>;
  call(type: string, payload?: unknown, options?: CallOptions): Promise<unknown> {
    return this.mailbox.call(type as never, payload as never, options as never);
  }

  /** As `Mailbox.tryCall`. */
  tryCall<Type extends MessageType<Protocol>>(
    type: Type,
    ...parameters: SendParameters<Protocol, Type>
  ): Promise<Reply<Protocol, Type>>;
  tryCall(type: string, payload?: unknown, options?: CallOptions): Promise<unknown> {
    return this.mailbox.tryCall(type as never, payload as never, options as never);
  }

  /** One life; for supervisors. */
  run(context: ActorContext): Promise<void> {
    const handlers = this.#setup(context);
    if (isThenable(handlers)) {
      return Promise.resolve(handlers).then((made) => this.#serve(context, made));
    }
    // Where somebody else's `run` goes on after this one, that has to be told when it is over.
    return context instanceof Life && context.owner.actor === (this as Actor)
      ? this.#serve(context, handlers, context)
      : this.#serve(context, handlers);
  }

  /** @param life That has nobody waiting for this. */
  #serve(context: ActorContext, handlers: Protocol, life?: Life): Promise<void> {
    const action = `run actor "${this.name}"`;
    check(action, "setup()", handlers, "object", "an object of handlers");
    context.ready();
    return life === undefined
      ? this.mailbox.serve(context, handlers, this.#options)
      : this.mailbox.serveLife(life, handlers, this.#options);
  }
}
