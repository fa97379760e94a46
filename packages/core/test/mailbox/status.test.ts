import { actor, Mailbox, Supervisor } from "@sup/core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

interface Work {
  work(number: number): void;
}

useFakeTime();

/** The time is what has passed since the test began. */
beforeEach(() => {
  vi.setSystemTime(0);
});

/** A mailbox, and what lets its receiver take one message after the other: it is at work on one that has no number. */
async function busyMailbox(
  options: { capacity?: number } = {},
): Promise<{ mailbox: Mailbox<Work>; next: () => Promise<unknown> }> {
  const mailbox = new Mailbox<Work>(options);
  const inbox = mailbox.receive();
  const first = inbox.next();
  void mailbox.cast("work", 0);
  await first;
  return { mailbox, next: () => inbox.next() };
}

describe("Mailbox.handled", () => {
  it("counts the messages that receivers were handed, casts and calls", async () => {
    const echo = actor("echo", () => ({ echo: (value: number) => value }));
    await using root = new Supervisor("root", { actors: [echo] });
    root.start();
    expect(echo.mailbox.handled).toBe(0);
    await echo.call("echo", 1);
    await echo.cast("echo", 2);
    await pass();
    expect(echo.mailbox.handled).toBe(2);
  });

  it("counts what is handed over without a queue", async () => {
    const { mailbox, next } = await busyMailbox({ capacity: 0 });
    expect(mailbox.handled).toBe(1);
    const message = next();
    mailbox.cast("work", 1);
    await message;
    expect(mailbox.handled).toBe(2);
  });

  it("counts no message that was withdrawn, queued, or lost with its mailbox", async () => {
    const { mailbox } = await busyMailbox();
    mailbox.call("work", 1, { timeout: 10 }).catch(() => {});
    await pass(10);
    mailbox.cast("work", 2);
    mailbox.close();
    await pass();
    expect(mailbox.handled).toBe(1);
  });

  it("counts no message that was lost when its actor stopped for good", async () => {
    const worker = actor("worker", () => ({ work: () => new Promise<void>(() => {}) }));
    const root = new Supervisor("root", { actors: [worker], shutdownTimeout: 0 });
    root.start();
    for (let sent = 0; sent < 20; sent++) worker.cast("work");
    await pass();
    const stopped = root.stop();
    await pass();
    await stopped;
    expect([worker.mailbox.length, worker.mailbox.handled]).toEqual([0, 1]);
    root.start();
    worker.cast("work");
    await pass(20);
    worker.cast("work");
    await pass();
    expect(worker.mailbox.handled).toBe(2);
    expect(Date.now() - worker.mailbox.oldestAt!).toBe(0);
    void root.stop();
    await pass();
  });

  it("counts each once where messages are withdrawn between others", async () => {
    const { mailbox, next } = await busyMailbox();
    for (let sent = 0; sent < 30; sent++) {
      if (sent % 3 === 0) mailbox.cast("work", sent);
      else mailbox.call("work", sent, { timeout: 10 }).catch(() => {});
    }
    await pass(10);
    for (let taken = 0; taken < 10; taken++) await next();
    expect([mailbox.length, mailbox.handled]).toEqual([0, 11]);
  });

  it("goes on counting in the next life", async () => {
    const fragile = actor("fragile", () => ({
      fail() {
        throw new Error("boom");
      },
    }));
    await using root = new Supervisor("root", { actors: [fragile], restartDelay: 0 });
    root.start();
    await expect(fragile.call("fail")).rejects.toThrow("boom");
    await pass();
    await expect(fragile.call("fail")).rejects.toThrow("boom");
    expect(fragile.mailbox.handled).toBe(2);
  });
});

describe("Mailbox.oldestAt", () => {
  it("is unknown when nothing is queued", async () => {
    const mailbox = new Mailbox<Work>();
    expect(mailbox.oldestAt).toBeUndefined();
    mailbox.cast("work", 1);
    expect(mailbox.oldestAt).toBe(0);
    for await (const _ of mailbox.receive()) break;
    expect(mailbox.oldestAt).toBeUndefined();
  });

  it("is exact while the actor hangs on one message, however many come", async () => {
    const { mailbox } = await busyMailbox();
    await pass(10);
    mailbox.cast("work", 1);
    for (let number = 2; number < 100; number++) {
      await pass(10);
      mailbox.cast("work", number);
    }
    expect(mailbox.oldestAt).toBe(10);
  });

  it("is exact where messages wait for an actor that is not there", async () => {
    const worker = actor("worker", () => ({ work() {} }));
    await pass(5);
    worker.cast("work");
    await pass(5);
    worker.cast("work");
    expect(worker.mailbox.oldestAt).toBe(5);
  });

  it("is exact for the second oldest, too", async () => {
    const { mailbox, next } = await busyMailbox();
    for (const number of [1, 2, 3]) {
      await pass(10);
      mailbox.cast("work", number);
    }
    await next();
    expect(mailbox.oldestAt).toBe(20);
  });

  it("is a bound of about half the age where a backlog is being worked off", async () => {
    const { mailbox, next } = await busyMailbox();
    const acceptedAt: number[] = [];
    const shownAges: number[] = [];
    let sent = 0;
    const send = (): void => {
      mailbox.cast("work", sent++);
      acceptedAt.push(Date.now());
    };
    for (let count = 0; count < 20; count++) {
      await pass(1);
      send();
    }
    for (let taken = 0; taken < 200; taken++) {
      await next();
      const oldestAt = mailbox.oldestAt!;
      expect(oldestAt).toBeGreaterThanOrEqual(acceptedAt[taken + 1]!);
      expect(oldestAt).toBeLessThanOrEqual(Date.now());
      shownAges.push(Date.now() - oldestAt);
      await pass(1);
      send();
    }
    // A backlog of 20 that is worked off at one per ms: the oldest has waited for 19 ms.
    expect(Math.min(...shownAges.slice(40))).toBeGreaterThanOrEqual(9);
  });

  it("counts from the end of the life that left the message", async () => {
    const mailbox = new Mailbox<Work>();
    const inbox = mailbox.receive();
    void inbox.next();
    mailbox.cast("work", 1);
    await inbox.return?.();
    await pass(50);
    expect(mailbox.oldestAt).toBe(0);
  });

  it("is that of the oldest that is still wanted", async () => {
    const { mailbox } = await busyMailbox();
    mailbox.call("work", 1, { timeout: 20 }).catch(() => {});
    await pass(10);
    mailbox.cast("work", 2);
    expect(mailbox.oldestAt).toBe(0);
    await pass(10);
    expect(mailbox.oldestAt).toBe(10);
  });

  it("is kept when those behind the oldest are withdrawn by the dozen", async () => {
    const { mailbox } = await busyMailbox();
    await pass(3);
    mailbox.cast("work", 0);
    await pass(1);
    for (let number = 1; number < 100; number++) {
      mailbox.call("work", number, { timeout: 10 }).catch(() => {});
    }
    await pass(10);
    mailbox.cast("work", 100);
    expect([mailbox.length, mailbox.oldestAt]).toEqual([2, 3]);
  });

  it("does not go back when those before the oldest are withdrawn by the dozen", async () => {
    const { mailbox, next } = await busyMailbox();
    for (let number = 0; number < 100; number++) {
      mailbox.call("work", number, { timeout: 10 }).catch(() => {});
    }
    await pass(5);
    mailbox.cast("work", 100);
    mailbox.cast("work", 101);
    await pass(5);
    expect(mailbox.length).toBe(2);
    const oldestAt = mailbox.oldestAt!;
    expect(oldestAt).toBeGreaterThanOrEqual(5);
    expect(oldestAt).toBeLessThanOrEqual(10);
    await next();
    await next();
    expect(mailbox.oldestAt).toBeUndefined();
    await pass(5);
    mailbox.cast("work", 102);
    expect(mailbox.oldestAt).toBe(15);
  });

  it("is that of the first sender that waits where there is no room", async () => {
    const { mailbox, next } = await busyMailbox({ capacity: 0 });
    expect(mailbox.oldestAt).toBeUndefined();
    await pass(10);
    void mailbox.cast("work", 1);
    await pass(10);
    void mailbox.cast("work", 2);
    await pass(10);
    expect(mailbox.oldestAt).toBe(10);
    await next();
    expect(mailbox.oldestAt).toBe(20);
    await next();
    expect(mailbox.oldestAt).toBeUndefined();
  });

  it("of a message that waited for room is when it got it", async () => {
    const { mailbox, next } = await busyMailbox({ capacity: 1 });
    void mailbox.cast("work", 1);
    await pass(10);
    void mailbox.cast("work", 2);
    await pass(10);
    expect(mailbox.oldestAt).toBe(0);
    await next();
    expect(mailbox.oldestAt).toBe(20);
  });

  it("looks at the clock a few times for thousands of messages", async () => {
    const mailbox = new Mailbox<Work>({ capacity: 10_000 });
    const look = vi.spyOn(Date, "now");
    for (let number = 0; number < 10_000; number++) mailbox.cast("work", number);
    let received = 0;
    for await (const _ of mailbox.receive()) if (++received === 10_000) break;
    expect(look.mock.calls.length).toBeLessThan(10);
  });

  it("needs hardly a look at the clock for messages that find a receiver idle", async () => {
    const echo = actor("echo", () => ({ echo: (value: number) => value }));
    await using root = new Supervisor("root", { actors: [echo] });
    root.start();
    await pass();
    const look = vi.spyOn(Date, "now");
    for (let number = 0; number < 1_000; number++) await echo.call("echo", number);
    // A turn that is over may leave one to the next turn.
    expect(look.mock.calls.length).toBeLessThan(100);
  });
});
