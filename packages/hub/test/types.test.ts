import { actor, Mailbox } from "@sup/core";
import { describe, expectTypeOf, it } from "vitest";
import {
  type Ejection,
  Hub,
  leastLoaded,
  random,
  type RetryContext,
  type RetryError,
  roundRobin,
  type StickyKey,
} from "../src/index.ts";

interface Job {
  readonly id: number;
}

const createWorker = (name: string) =>
  actor(name, () => ({
    process: (job: Job) => `job ${job.id}`,
    stats: async () => ({ done: 1 }),
    reload() {},
  }));

const hub = roundRobin([createWorker("a"), createWorker("b")]);
type WorkerRef = ReturnType<typeof createWorker>;

describe("Hub of actors", () => {
  it("keeps the actors' protocol", () => {
    expectTypeOf(hub).toEqualTypeOf<Hub<WorkerRef>>();
    expectTypeOf(hub.next()).toEqualTypeOf<WorkerRef>();
    expectTypeOf(hub.sticky("customer-42").call("process", { id: 1 })).toEqualTypeOf<
      Promise<string>
    >();
    expectTypeOf(hub.routees).toEqualTypeOf<readonly WorkerRef[]>();
    // @ts-expect-error -- no such message
    hub.next().tryCast("explode", undefined);
    // @ts-expect-error -- the payload is a job
    hub.next().tryCast("process", "job");
  });

  it("infers what retry and fanOutWait resolve to", () => {
    const value = () => hub.retry(3, (worker) => worker.call("process", { id: 1 }));
    expectTypeOf(value).returns.toEqualTypeOf<Promise<string>>();
    const length = () => hub.retry(3, () => 42);
    expectTypeOf(length).returns.toEqualTypeOf<Promise<number>>();
    const results = () => hub.fanOutWait((worker) => worker.call("stats"));
    expectTypeOf(results).returns.toEqualTypeOf<Promise<{ done: number }[]>>();
    const names = () => hub.fanOutWait((worker) => worker.name);
    expectTypeOf(names).returns.toEqualTypeOf<Promise<string[]>>();
  });

  it("tells the type of who rests", () => {
    expectTypeOf(hub.ejected).toEqualTypeOf<readonly Ejection<WorkerRef>[]>();
    expectTypeOf<Ejection<WorkerRef>>().toEqualTypeOf<{
      readonly routee: WorkerRef;
      readonly until: number;
      readonly error: unknown;
    }>();
  });

  it("tells what an attempt is given", () => {
    type Run = Parameters<typeof hub.retry>[1];
    expectTypeOf<Parameters<Run>>().toEqualTypeOf<[WorkerRef, RetryContext]>();
    expectTypeOf<RetryContext>().toEqualTypeOf<{
      readonly attempt: number;
      readonly signal: AbortSignal;
    }>();
    expectTypeOf<RetryError["errors"]>().toEqualTypeOf<unknown[]>();
    expectTypeOf<RetryError["code"]>().toEqualTypeOf<"RETRY">();
  });
});

describe("Hub of anything else", () => {
  it("keeps the type of mailboxes, functions and connections", () => {
    interface Protocol {
      add(value: number): void;
    }
    const mailboxes = leastLoaded([new Mailbox<Protocol>(), new Mailbox<Protocol>()]);
    expectTypeOf(mailboxes.next()).toEqualTypeOf<Mailbox<Protocol>>();
    const functions = random([(value: number) => `${value}`, (value: number) => value.toFixed()]);
    expectTypeOf(functions.next()(1)).toEqualTypeOf<string>();
    const mixed = roundRobin<string | URL>(["http://localhost", new URL("http://localhost")]);
    expectTypeOf(mixed.next()).toEqualTypeOf<string | URL>();
  });

  it("infers the routees from the list alone, and the options from the routees", () => {
    const sockets = [{ host: "a", buffered: 1 }];
    const byLoad = leastLoaded(sockets, {
      load: (socket) => socket.buffered,
      key: (socket) => socket.host,
      onError: (error, socket) => {
        expectTypeOf(error).toBeUnknown();
        expectTypeOf(socket).toEqualTypeOf<{ host: string; buffered: number }>();
      },
    });
    expectTypeOf(byLoad.next()).toEqualTypeOf<{ host: string; buffered: number }>();
    // @ts-expect-error -- a load is a number
    const byText = () => leastLoaded(sockets, { load: (socket) => socket.host });
    // @ts-expect-error -- sockets have no name
    const byName = () => leastLoaded(sockets, { key: (socket) => socket.name });
    expectTypeOf(byText).returns.toEqualTypeOf(byLoad);
    expectTypeOf(byName).returns.toEqualTypeOf(byLoad);
  });

  it("takes no load where it means nothing, and no strategy that does not exist", () => {
    const numbers = [1, 2];
    // @ts-expect-error -- `load` is an option of `leastLoaded`
    const withLoad = () => roundRobin(numbers, { load: (value: number) => value });
    // @ts-expect-error -- there is no such strategy
    const unknown = () => new Hub(numbers, { strategy: "fastest" });
    expectTypeOf(withLoad).returns.toEqualTypeOf<Hub<number>>();
    expectTypeOf(unknown).returns.toEqualTypeOf<Hub<number>>();
    expectTypeOf<Parameters<Hub<number>["sticky"]>>().toEqualTypeOf<[key: StickyKey]>();
  });
});
