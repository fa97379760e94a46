import { Mailbox } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, drain, mailboxOf, rejectionOf, stateOf, takeFrom, turn } from "./scene.ts";

describe("Mailbox: order (M1)", () => {
  it("delivers casts and calls in the order in which they were accepted", async () => {
    const { mailbox } = mailboxOf(0);
    mailbox.cast("note", 1);
    void mailbox.call("ask", 2);
    mailbox.tryCast("note", 3);
    void mailbox.tryCall("ask", 4);
    mailbox.cast("note", 5);
    expect(await drain(mailbox)).toEqual([1, 2, 3, 4, 5]);
  });

  it("keeps the order while the queue grows, wraps around and empties", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 100 });
    const inbox = mailbox.receive();
    const received: number[] = [];
    let sent = 0;
    for (const burst of [7, 1, 9, 30, 64, 100, 3, 99, 17]) {
      for (let count = 0; count < burst; count++) {
        if (mailbox.tryCast("note", sent + 1)) sent++;
      }
      for (let count = 0; count < Math.ceil(burst * 0.7) && mailbox.length > 0; count++) {
        received.push((await inbox.next()).value!.payload);
      }
    }
    while (mailbox.length > 0) received.push((await inbox.next()).value!.payload);
    expect(received).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    expect(sent).toBeGreaterThan(200);
  });

  it("serves senders that wait for room first come, first served", async () => {
    const { mailbox } = mailboxOf(2, { capacity: 2 });
    const order: number[] = [];
    void mailbox.cast("note", 3)!.then(() => order.push(3));
    void mailbox.call("ask", 4);
    void mailbox.cast("note", 5)!.then(() => order.push(5));
    void mailbox.cast("note", 6)!.then(() => order.push(6));
    expect(mailbox.length).toBe(2);
    expect(await drain(mailbox)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(order).toEqual([3, 5, 6]);
  });

  it("closes the ranks when senders that wait give up", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    const quitters = [3, 4, 7].map((value) => {
      const controller = new AbortController();
      return { value, controller };
    });
    const signals = new Map(quitters.map(({ value, controller }) => [value, controller.signal]));
    const sends = [2, 3, 4, 5, 6, 7, 8].map((value) =>
      value % 2 === 0
        ? mailbox.cast("note", value, { signal: signals.get(value) })!
        : mailbox.call("ask", value, { signal: signals.get(value) }),
    );
    await turn();
    for (const { controller } of quitters) controller.abort(new Error("too long"));
    expect(await drain(mailbox)).toEqual([1, 2, 5, 6, 8]);
    for (const value of [3, 4, 7]) {
      expect((await rejectionOf(sends[value - 2])).message).toBe("too long");
    }
    expect(await stateOf(sends[8 - 2])).toBe("fulfilled");
  });

  it("lets nobody overtake a sender that waits, also when a queued call is withdrawn", async () => {
    const { mailbox } = mailboxOf(0, { capacity: 1 });
    const controller = new AbortController();
    void mailbox.call("ask", 1, { signal: controller.signal });
    const waiting = mailbox.cast("note", 2);
    controller.abort();
    expect(mailbox.tryCast("note", 3)).toBe(false);
    expect(mailbox.cast("note", 3)).toBeInstanceOf(Promise);
    await waiting;
    expect(await drain(mailbox)).toEqual([2, 3]);
  });

  it("gives room to those who wait for it before anybody else can send", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    const waiting = mailbox.cast("note", 2);
    const inbox = mailbox.receive();
    const taken = inbox.next();
    expect(mailbox.tryCast("note", 3)).toBe(false);
    expect((await taken).value!.payload).toBe(1);
    await waiting;
    expect(await drain(mailbox)).toEqual([2]);
  });

  it("keeps the order of the rest when many withdrawals in the middle are swept out", async () => {
    const mailbox = new Mailbox<Desk>();
    const controllers: AbortController[] = [];
    for (let value = 0; value < 200; value++) {
      const controller = new AbortController();
      void mailbox.call("ask", value, { signal: controller.signal });
      if (value % 10 !== 0) controllers.push(controller);
    }
    await turn();
    for (const controller of controllers) controller.abort();
    expect(mailbox.length).toBe(20);
    mailbox.cast("note", 200);
    expect(await drain(mailbox)).toEqual(Array.from({ length: 21 }, (_, index) => index * 10));
  });

  it("serves senders at a rendezvous first come, first served", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    for (let value = 1; value <= 3; value++) mailbox.cast("note", value);
    void mailbox.call("ask", 4);
    for (let value = 1; value <= 4; value++) {
      expect((await takeFrom(mailbox)).payload).toBe(value);
    }
  });
});

describe("Mailbox: capacity (M2)", () => {
  it("is 1,000 unless given", () => {
    const mailbox = new Mailbox<Desk>();
    expect(mailbox.capacity).toBe(1_000);
    for (let value = 0; value < 1_000; value++) expect(mailbox.tryCast("note", value)).toBe(true);
    expect(mailbox.tryCast("note", 1_000)).toBe(false);
    expect(mailbox.length).toBe(1_000);
  });

  it("is never exceeded, whoever sends", async () => {
    const { mailbox } = mailboxOf(3, { capacity: 3 });
    mailbox.cast("note", 4);
    void mailbox.call("ask", 5);
    expect(mailbox.tryCast("note", 6)).toBe(false);
    await rejectionOf(mailbox.tryCall("ask", 7));
    expect(mailbox.length).toBe(3);
    await takeFrom(mailbox);
    expect(mailbox.length).toBe(3);
    await takeFrom(mailbox);
    expect(mailbox.length).toBe(3);
    await takeFrom(mailbox);
    expect(mailbox.length).toBe(2);
    expect(await drain(mailbox)).toEqual([4, 5]);
    expect(mailbox.length).toBe(0);
  });

  it("does not count senders that wait", () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    for (let value = 2; value < 10; value++) mailbox.cast("note", value);
    expect(mailbox.length).toBe(1);
  });

  it.each([
    [-1, RangeError],
    [1.5, RangeError],
    [Number.NaN, RangeError],
    [Infinity, RangeError],
    ["10", TypeError],
    [null, TypeError],
  ])("refuses %s", (capacity, kind) => {
    const create = () => new Mailbox<Desk>({ capacity: capacity as number });
    expect(create).toThrow(kind);
    expect(create).toThrow(
      /^Cannot create mailbox: `capacity` must be an integer of 0 or more, got /,
    );
    expect(create).toThrow(String(capacity));
  });
});
