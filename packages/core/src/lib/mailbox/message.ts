/** The names of a protocol's messages. */
export type MessageType<Protocol> = Extract<keyof Protocol, string>;

/** What a message of type `Type` carries: the first parameter of its handler. */
export type Payload<Protocol, Type extends keyof Protocol> = Protocol[Type] extends (
  ...parameters: infer Parameters
) => unknown
  ? Parameters extends readonly []
    ? undefined
    : Parameters[0]
  : never;

/** What a call of type `Type` resolves to: what its handler returns, awaited. */
export type Reply<Protocol, Type extends keyof Protocol> = Protocol[Type] extends (
  ...parameters: never[]
) => infer Result
  ? Awaited<Result>
  : never;

/** How long a sender is willing to wait. */
export interface SendOptions {
  /** Withdraws the message when it aborts; the promise rejects with its `reason`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the message is withdrawn; the promise rejects with a `TimeoutError`.
   * @defaultValue `Infinity`
   */
  readonly timeout?: number | undefined;
}

/** Options of `cast`: the wait for room ends with them. */
export type CastOptions = SendOptions;

/** Options of `call`: the wait for room and for the reply ends with them. */
export type CallOptions = SendOptions;

/** The parameters after the message's type: the payload may be left out where there is none. */
export type SendParameters<Protocol, Type extends keyof Protocol> =
  undefined extends Payload<Protocol, Type>
    ? [payload?: Payload<Protocol, Type>, options?: SendOptions]
    : [payload: Payload<Protocol, Type>, options?: SendOptions];

/** One received message of type `Type`. */
export interface MessageOf<Protocol, Type extends keyof Protocol> {
  /** A cast expects no reply; a call does. */
  readonly kind: "cast" | "call";
  /** The name of the message. */
  readonly type: Type;
  /** What it carries. */
  readonly payload: Payload<Protocol, Type>;
  /**
   * Answers a call.
   * @returns `false` when that changed nothing: the call was settled before, or this is a cast.
   */
  reply(value: Reply<Protocol, Type>): boolean;
  /**
   * Rejects a call with `error`; the actor lives on.
   * @returns `false` when that changed nothing: the call was settled before, or this is a cast.
   */
  fail(error: unknown): boolean;
  /** Aborted when the caller gave up, or the life that took the message must end. */
  readonly signal: AbortSignal;
}

/** A received message: a union over `type`, so that a `switch` over it knows payload and reply. */
export type Message<Protocol> = {
  [Type in MessageType<Protocol>]: MessageOf<Protocol, Type>;
}[MessageType<Protocol>];

/** What a handler is given beside the payload. */
export interface HandlerContext {
  /** Aborted when the caller gave up, or the life must end. */
  readonly signal: AbortSignal;
}

/** A function that handles messages of one type; what it returns, or resolves to, is the reply. */
export type Handler<Value, Result> = (
  payload: Value,
  context: HandlerContext,
) => void extends Result ? unknown : Result | PromiseLike<Result>;

/** The handlers of a protocol, by the names of its messages. */
export type Handlers<Protocol> = {
  readonly [Type in keyof Protocol]: Handler<Payload<Protocol, Type>, Reply<Protocol, Type>>;
};
