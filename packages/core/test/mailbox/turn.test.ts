import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Receiver } from "../../src/lib/mailbox/receiver.ts";
import { type Desk, turn } from "./scene.ts";

/** Milliseconds for which the event loop may be held up, when no single message takes more than one. */
const longest = 10;

/** A clock that only the handlers move: what the machine is busy with besides does not count. */
let clock = 0;
let iteration = 0;
let held = 0;
let longestHeld = 0;
let core: typeof import("@sup/core");

/** Takes time, on behalf of a message. */
function spend(milliseconds: number): void {
  clock += milliseconds;
  const { loopCount } = performance.nodeTiming.uvMetricsInfo;
  if (loopCount !== iteration) held = 0;
  iteration = loopCount;
  held += milliseconds;
  longestHeld = Math.max(longestHeld, held);
}

/** The most time that was spent in one iteration of the event loop until what `begin` begins is done. */
async function longestHoldUp(begin: () => Promise<unknown>): Promise<number> {
  // Iterations begin with the timers: from an immediate, what is spent before the first yield belongs to one alone.
  await turn();
  held = longestHeld = 0;
  await begin();
  return longestHeld;
}

const slow = 1;
const quick = 0.000_5;

describe("Mailbox: turns for timers and I/O (M14)", () => {
  beforeEach(async () => {
    clock = 1_000;
    vi.resetModules();
    // Taken by the module when it loads; an own property hides the platform's until then.
    performance.now = () => clock;
    core = await import("@sup/core");
    Reflect.deleteProperty(performance, "now");
  });

  /** Serves messages whose payload is the time that they take. */
  function serve(count = 1): InstanceType<typeof core.Mailbox<Desk>> {
    const mailbox = new core.Mailbox<Desk>({ capacity: 1_000_000 });
    for (let server = 0; server < count; server++) {
      void mailbox.serve({}, { note: spend, ask: (time) => (spend(time), time) });
    }
    return mailbox;
  }

  it.each([
    ["slow messages", Array<number>(200).fill(slow)],
    ["quick messages", Array<number>(30_000).fill(quick)],
    [
      "slow messages after a warm-up with quick ones",
      [...Array<number>(999).fill(quick), ...Array<number>(99).fill(slow)],
    ],
    [
      "slow messages just as a turn is nearly over",
      [
        ...Array<number>(10).fill(0.01),
        0.7,
        ...Array<number>(16).fill(0.01),
        ...Array<number>(50).fill(slow),
      ],
    ],
  ])("gives them a turn in time while it serves %s", async (_, times) => {
    const mailbox = serve();
    const begin = () => {
      for (const time of times) mailbox.cast("note", time);
      return mailbox.call("ask", 0);
    };
    expect(await longestHoldUp(begin)).toBeLessThan(longest);
  });

  it("gives them a turn in time when slow, quick and slow messages follow a quiet moment", async () => {
    const mailbox = serve();
    for (let message = 0; message < 40; message++) mailbox.cast("note", quick);
    await turn();
    const times = [7, 20, 20].flatMap((count, run) =>
      Array<number>(count).fill(run === 1 ? quick : slow),
    );
    const begin = () => {
      for (const time of times) mailbox.cast("note", time);
      return mailbox.call("ask", 0);
    };
    expect(await longestHoldUp(begin)).toBeLessThan(longest);
  });

  it("gives them a turn in time, whatever the messages of a burst take", async () => {
    const times = fc.array(
      fc.record({
        count: fc.integer({ min: 1, max: 40 }),
        time: fc.constantFrom(quick, 0.01, 0.06, 0.2, 0.5, slow),
      }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(times, async (runs) => {
        const mailbox = serve();
        const begin = () => {
          for (const { count, time } of runs) {
            for (let message = 0; message < count; message++) mailbox.cast("note", time);
          }
          return mailbox.call("ask", 0);
        };
        expect(await longestHoldUp(begin)).toBeLessThan(longest);
      }),
      { numRuns: 150 },
    );
  });

  it.each([slow, quick])(
    "gives them a turn in time while a loop receives messages of %s ms",
    async (time) => {
      const mailbox = new core.Mailbox<Desk>({ capacity: 10_000 });
      const stop = new AbortController();
      const count = time === slow ? 200 : 10_000;
      for (let message = 0; message < count; message++) mailbox.cast("note", time);
      let received = 0;
      const loop = async () => {
        for await (const { payload } of mailbox.receive(stop)) {
          spend(payload);
          if (++received === count) stop.abort();
        }
      };
      expect(await longestHoldUp(loop)).toBeLessThan(longest);
      expect(received).toBe(count);
    },
  );

  it.each([slow, quick])(
    "gives them a turn in time while a handler awaits, of messages of %s ms",
    async (time) => {
      const mailbox = new core.Mailbox<Desk>({ capacity: 10_000 });
      const handler = async (value: number): Promise<number> => {
        spend(value / 2);
        await Promise.resolve();
        spend(value / 2);
        return value;
      };
      void mailbox.serve({}, { note: (value) => void handler(value), ask: handler });
      const begin = () => {
        for (let message = 0; message < 200; message++) void mailbox.call("ask", time);
        return mailbox.call("ask", 0);
      };
      expect(await longestHoldUp(begin)).toBeLessThan(longest);
    },
  );

  it.each([slow, quick])(
    "gives them a turn in time while two actors cast to each other, %s ms each",
    async (time) => {
      const [ping, pong] = [new core.Mailbox<Desk>(), new core.Mailbox<Desk>()] as const;
      const over = Promise.withResolvers<void>();
      let left = time === slow ? 200 : 20_000;
      const pass = (to: typeof ping) => () => {
        spend(time);
        if (--left > 0) void to.cast("note", left);
        else over.resolve();
      };
      void ping.serve({}, { note: pass(pong), ask: () => 0 });
      void pong.serve({}, { note: pass(ping), ask: () => 0 });
      const begin = () => {
        void ping.cast("note", 0);
        return over.promise;
      };
      expect(await longestHoldUp(begin)).toBeLessThan(longest);
    },
  );

  it.each([slow, quick])(
    "gives them a turn in time while two actors call each other, %s ms each",
    async (time) => {
      const [ping, pong] = [new core.Mailbox<Desk>(), new core.Mailbox<Desk>()] as const;
      void ping.serve({}, { note: () => {}, ask: (value) => (spend(time), value) });
      void pong.serve(
        {},
        {
          note: () => {},
          ask: async (count) => {
            let sum = 0;
            for (let call = 0; call < count; call++) sum += await ping.call("ask", 1);
            return sum;
          },
        },
      );
      const count = time === slow ? 100 : 10_000;
      const begin = async () => expect(await pong.call("ask", count)).toBe(count);
      expect(await longestHoldUp(begin)).toBeLessThan(longest);
    },
  );

  it.each([slow, quick])(
    "gives them a turn in time while an actor casts to itself, %s ms each",
    async (time) => {
      const mailbox = new core.Mailbox<Desk>();
      const over = Promise.withResolvers<void>();
      const count = time === slow ? 200 : 20_000;
      const note = (value: number): void => {
        spend(time);
        if (value < count) void mailbox.cast("note", value + 1);
        else over.resolve();
      };
      void mailbox.serve({}, { note, ask: () => 0 });
      const begin = () => {
        void mailbox.cast("note", 0);
        return over.promise;
      };
      expect(await longestHoldUp(begin)).toBeLessThan(longest);
    },
  );

  it("gives them a turn in time while many actors have one slow message each", async () => {
    const mailboxes = Array.from({ length: 300 }, () => serve());
    const begin = () => Promise.all(mailboxes.map((mailbox) => mailbox.call("ask", slow)));
    expect(await longestHoldUp(begin)).toBeLessThan(longest);
  });

  it("gives them a turn in time while a pool works", async () => {
    const mailbox = serve(3);
    const begin = () => {
      for (let message = 0; message < 200; message++)
        mailbox.cast("note", message % 2 === 0 ? slow : quick);
      return mailbox.call("ask", 0);
    };
    expect(await longestHoldUp(begin)).toBeLessThan(longest);
  });

  it("does not turn after every quick message", async () => {
    const mailbox = serve();
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    for (let message = 0; message < 10_000; message++) mailbox.cast("note", quick);
    await mailbox.call("ask", 0);
    isDone = true;
    expect(turns).toBeLessThan(20);
  });

  it("lets the others go on when there is a fault in one receiver", async () => {
    const listeners = process.listeners("unhandledRejection");
    const faults: unknown[] = [];
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (fault) => faults.push(fault));
    try {
      const { schedule } = await import("../../src/lib/mailbox/turn.ts");
      const mailbox = serve();
      await turn();
      const fault = new Error("fault");
      schedule({
        proceed: () => {
          throw fault;
        },
      } as unknown as Receiver);
      expect(await mailbox.call("ask", quick)).toBe(quick);
      await turn();
      expect(faults).toEqual([fault]);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });

  it("lets a real timer fire all along", async () => {
    vi.resetModules();
    const { Mailbox } = await import("@sup/core");
    const mailbox = new Mailbox<Desk>({ capacity: 10_000 });
    // Other processes may hold this one up at any time; so what counts is the messages between two ticks of a timer.
    let sinceTick = 0;
    let mostSinceTick = 0;
    const burn = (milliseconds: number): void => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
      if (milliseconds >= slow) mostSinceTick = Math.max(mostSinceTick, ++sinceTick);
    };
    void mailbox.serve({}, { note: burn, ask: () => 0 });
    for (let message = 0; message < 2_000; message++) mailbox.cast("note", quick);
    for (let message = 0; message < 100; message++) mailbox.cast("note", slow);
    const timer = setInterval(() => (sinceTick = 0), slow);
    await mailbox.call("ask", 0);
    clearInterval(timer);
    expect(mostSinceTick).toBeLessThan(longest);
  });
});
