import {
  type ActorOptions,
  type ActorRef,
  actor,
  type CallOptions,
  type CastOptions,
  type HandlerContext,
  type Handlers,
  Mailbox,
  type MailboxStatus,
  type Message,
  type MessageIterator,
  type MessageOf,
  type MessageType,
  type Payload,
  type Reply,
  type SendOptions,
} from "@sup/core";
import { expectTypeOf } from "vitest";

// The protocol of an actor is what its handlers say, and nothing is declared twice.

const counter = actor(
  "counter",
  () => {
    let count = 0;
    return {
      increment(by: number) {
        count += by;
      },
      get: () => count,
      reset(to?: number) {
        count = to ?? 0;
      },
      set(to: number | undefined) {
        count = to ?? 0;
      },
      async load(url: string, { signal }: HandlerContext) {
        return { url, aborted: signal.aborted };
      },
      label: (format: { prefix: string; digits?: number }) => `${format.prefix}${count}`,
    };
  },
  { capacity: 10 },
);

expectTypeOf(counter.cast("increment", 10)).toEqualTypeOf<Promise<void> | undefined>();
expectTypeOf(counter.tryCast("increment", 10)).toEqualTypeOf<boolean>();
expectTypeOf(counter.call("get")).toEqualTypeOf<Promise<number>>();
expectTypeOf(counter.tryCall("get")).toEqualTypeOf<Promise<number>>();
expectTypeOf(counter.call("increment", 1)).toEqualTypeOf<Promise<void>>();
expectTypeOf(counter.call("load", "x")).toEqualTypeOf<Promise<{ url: string; aborted: boolean }>>();
expectTypeOf(counter.call("label", { prefix: "#" })).toEqualTypeOf<Promise<string>>();
expectTypeOf(counter.name).toEqualTypeOf<string>();
expectTypeOf(counter.mailbox.length).toEqualTypeOf<number>();

// Whatever can be cast can be called, and the other way round.
void counter.cast("get");
void counter.call("increment", 1, { timeout: 5, signal: new AbortController().signal });
void counter.call("get", undefined, { timeout: 5 });

// An optional payload may be left out; one that may be undefined too.
void counter.cast("reset");
void counter.cast("reset", 1);
void counter.cast("reset", undefined, { timeout: 1 });
void counter.cast("set");

// @ts-expect-error there is no such message
void counter.cast("decrement", 1);
// @ts-expect-error a payload is missing
void counter.cast("increment");
// @ts-expect-error a payload is missing
void counter.call("load");
// @ts-expect-error a payload of another type
void counter.cast("increment", "10");
// @ts-expect-error a payload of another type
void counter.tryCast("increment", undefined);
// @ts-expect-error a message without payload
void counter.call("get", 5);
// @ts-expect-error options that do not exist
void counter.call("get", undefined, { deadline: 5 });
// @ts-expect-error a controller is no signal
void counter.call("get", undefined, { signal: new AbortController() });
// @ts-expect-error a property of another name
void counter.call("label", { prefix: "#", digit: 2 });
// @ts-expect-error the reply is a number
void counter.call("get").then((count: string) => count);

// An async setup, and what a handler is given beside the payload, without writing its type.
const fetcher = actor("fetcher", async ({ signal, logger, restarts }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(restarts).toEqualTypeOf<number>();
  logger.info({ restarts }, "starting");
  await Promise.resolve();
  return {
    fetch: async (url: string, { signal: caller }) => {
      expectTypeOf(caller).toEqualTypeOf<AbortSignal>();
      return url.length;
    },
    plain(url: string, context) {
      expectTypeOf(context).toEqualTypeOf<HandlerContext>();
      return url;
    },
  };
});
expectTypeOf(fetcher.call("fetch", "x")).toEqualTypeOf<Promise<number>>();
expectTypeOf(fetcher.call("plain", "x")).toEqualTypeOf<Promise<string>>();
// @ts-expect-error a payload of another type
void fetcher.call("fetch", 1);

// What an actor's options are told is typed by the protocol.
actor("watched", () => ({ add: (value: number) => value, name: (value: string) => value }), {
  onUndelivered(message, reason) {
    expectTypeOf(reason).toEqualTypeOf<Error>();
    expectTypeOf(message.type).toEqualTypeOf<"add" | "name">();
    if (message.type === "add") expectTypeOf(message.payload).toEqualTypeOf<number>();
    else expectTypeOf(message.payload).toEqualTypeOf<string>();
  },
  isFatal: (error) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    return false;
  },
});

// @ts-expect-error handlers are functions
actor("wrong", () => ({ value: 5 }));
// @ts-expect-error a handler has a payload and a context
actor("wrong", () => ({ add: (one: number, two: number) => one + two }));
const three = (one: number, context: HandlerContext, two: number) => [one, context, two];
// @ts-expect-error a handler has no third parameter
actor("wrong", () => ({ three }));
// @ts-expect-error a setup returns handlers
actor("wrong", () => 5);
// @ts-expect-error a setup is not optional
actor("wrong");
// @ts-expect-error an option that does not exist
actor("wrong", () => ({ get: () => 1 }), { size: 5 });
// @ts-expect-error whether an error is fatal is a question of yes or no
actor("wrong", () => ({ get: () => 1 }), { isFatal: "no" });

// A protocol that is declared.

interface CounterProtocol {
  increment(by: number): void;
  get(): number;
  load(url: string): Promise<{ body: string }>;
  find?: never;
}

interface Declared {
  increment(by: number): void;
  get(): number;
  load(url: string): Promise<{ body: string }>;
}

expectTypeOf<MessageType<Declared>>().toEqualTypeOf<"increment" | "get" | "load">();
expectTypeOf<Payload<Declared, "increment">>().toEqualTypeOf<number>();
expectTypeOf<Payload<Declared, "get">>().toEqualTypeOf<undefined>();
expectTypeOf<Reply<Declared, "load">>().toEqualTypeOf<{ body: string }>();
expectTypeOf<Payload<CounterProtocol, "get">>().toEqualTypeOf<undefined>();
expectTypeOf<CallOptions>().toEqualTypeOf<SendOptions>();
expectTypeOf<CastOptions>().toEqualTypeOf<SendOptions>();

const mailbox = new Mailbox<Declared>({ capacity: 10 });
expectTypeOf(mailbox).toExtend<MailboxStatus>();
expectTypeOf(mailbox.receive()).toEqualTypeOf<MessageIterator<Declared>>();
expectTypeOf(mailbox.call("load", "x")).toEqualTypeOf<Promise<{ body: string }>>();
// @ts-expect-error the capacity is a number
void new Mailbox<Declared>({ capacity: "10" });

export async function receiveAll(): Promise<void> {
  for await (const message of mailbox.receive({ signal: new AbortController().signal })) {
    expectTypeOf(message).toEqualTypeOf<Message<Declared>>();
    expectTypeOf(message.signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(message.kind).toEqualTypeOf<"cast" | "call">();
    switch (message.type) {
      case "increment":
        expectTypeOf(message).toEqualTypeOf<MessageOf<Declared, "increment">>();
        expectTypeOf(message.payload).toEqualTypeOf<number>();
        // @ts-expect-error nothing is replied
        message.reply(1);
        break;
      case "get":
        expectTypeOf(message.payload).toEqualTypeOf<undefined>();
        expectTypeOf<Parameters<typeof message.reply>>().toEqualTypeOf<[value: number]>();
        expectTypeOf(message.reply(1)).toEqualTypeOf<boolean>();
        // @ts-expect-error the reply is a number
        message.reply("1");
        break;
      case "load":
        expectTypeOf(message.payload).toEqualTypeOf<string>();
        message.reply({ body: "" });
        expectTypeOf(message.fail(new Error("none"))).toEqualTypeOf<boolean>();
        break;
      default:
        expectTypeOf(message).toEqualTypeOf<never>();
    }
  }
}

const good: Handlers<Declared> = {
  increment(by) {
    expectTypeOf(by).toEqualTypeOf<number>();
  },
  get: () => 1,
  load: async (url, { signal }) => {
    expectTypeOf(url).toEqualTypeOf<string>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return { body: url };
  },
};
expectTypeOf(mailbox.serve({}, good)).toEqualTypeOf<Promise<void>>();
// A handler of a message without reply may return anything, as everywhere in the language.
void mailbox.serve({}, { ...good, increment: (by) => [].push(by as never) });
void mailbox.serve({}, { ...good, get: () => Promise.resolve(1) });
void mailbox.serve({}, { ...good, load: () => ({ body: "" }) });
// @ts-expect-error a payload of another type
void mailbox.serve({}, { ...good, increment: (by: string) => by });
// @ts-expect-error a reply of another type
void mailbox.serve({}, { ...good, get: () => "1" });
// @ts-expect-error a reply of another type
void mailbox.serve({}, { ...good, load: async () => 1 });
// @ts-expect-error a handler is missing
void mailbox.serve({}, { get: () => 1 });
// @ts-expect-error there is no such message
void mailbox.serve({}, { ...good, decrement: () => {} });

// What can be named can be passed on.
export function describeActor<Protocol extends Handlers<Protocol>>(
  ref: ActorRef<Protocol>,
  options: ActorOptions<Protocol>,
): string {
  return `${ref.name} ${options.capacity ?? 1_000}`;
}
describeActor(counter, {});
