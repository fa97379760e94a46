import { setInterval } from "node:timers/promises";
import {
  type Actor,
  type ActorContext,
  actor,
  type CallOptions,
  Mailbox,
  main,
  Supervisor,
  task,
} from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";

// The samples of the design, as they stand: what users must be able to write.

describe("the samples of the design", () => {
  it("run: a stateful actor under a supervisor", async () => {
    const counter = actor(
      "counter",
      () => {
        let count = 0;
        return {
          increment(by: number) {
            count += by;
          },
          get: () => count,
        };
      },
      { capacity: 10 },
    );

    await using root = new Supervisor("root", {
      actors: [counter],
      policy: "permanent",
      restartDelay: 1_000,
      restartLimit: { maxRestarts: 5, window: 10_000 },
      onError: (actor, error) => console.error(`${actor.name} failed`, error),
    });
    root.start();

    counter.cast("increment", 10); // fire and forget; awaitable for backpressure
    counter.cast("increment", 32);
    const count = await counter.call("get"); // 42, typed as number

    expect(count satisfies number).toBe(42);
  });

  interface CounterProtocol {
    increment(by: number): void;
    get(): number;
  }

  class Counter implements Actor {
    readonly name = "counter";
    readonly mailbox = new Mailbox<CounterProtocol>({ capacity: 10 });

    increment(by: number) {
      return this.mailbox.cast("increment", by);
    }
    get(options?: CallOptions) {
      return this.mailbox.call("get", undefined, options);
    }

    // oxlint-disable-next-line no-unused-vars -- the sample shows what there is
    async run({ signal, logger, ready, fail, defer }: ActorContext) {
      let count = 0;
      for await (const message of this.mailbox.receive({ signal })) {
        switch (message.type) {
          case "increment":
            count += message.payload;
            break; // payload: number
          case "get":
            message.reply(count);
            break; // reply(value: number)
        }
      }
      void [logger, ready, fail, defer];
    }
  }

  it("run: an actor with an explicit mailbox and loop", async () => {
    const counter = new Counter();
    await using root = new Supervisor("root", { actors: [counter] });
    root.start();
    await counter.increment(40);
    await counter.increment(2);
    expect(await counter.get({ timeout: 1_000 })).toBe(42);
  });

  it("run: a stateless actor, a tree, a dynamic supervisor, and the entry point of a process", async () => {
    const pings: AbortSignal[] = [];
    const ping = async ({ signal }: { signal: AbortSignal }) => void pings.push(signal);
    const db = new Puppet("db");
    const cache = new Puppet("cache");
    const newJob = (id: number) => task(`job ${id}`, async () => void done.push(id));
    const done: number[] = [];

    const health = task("health", async ({ signal }) => {
      for await (const _ of setInterval(1, undefined, { signal })) await ping({ signal });
    });

    const data = new Supervisor("data", {
      actors: [db, cache],
      policy: "permanent",
      strategy: "rest-for-one",
    });
    const root = new Supervisor("root", { actors: [data, { actor: health, policy: "transient" }] });

    const jobs = new Supervisor("jobs", { policy: "temporary" }); // dynamic: no actors yet
    jobs.start();
    const child = jobs.spawn(newJob(42));
    await child.done;

    const ended = main(root); // start, stop gracefully on SIGINT/SIGTERM, exit code 1 if the root fails

    expect(done).toEqual([42]);
    while (pings.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([db.isRunning, cache.isRunning]).toEqual([true, true]);
    await root.stop();
    await ended;
    expect([db.isRunning, cache.isRunning]).toEqual([false, false]);
    await jobs.stop();
  });
});
