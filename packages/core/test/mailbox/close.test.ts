import { Mailbox, MailboxClosedError } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, stateOf, takeFrom, turn } from "./scene.ts";

const handlers = { note: () => {}, ask: (value: number) => value * 10 };

describe("Mailbox.close (M9)", () => {
  it("refuses new messages", async () => {
    const mailbox = new Mailbox<Desk>();
    expect(mailbox.closed).toBe(false);
    mailbox.close();
    expect(mailbox.closed).toBe(true);
    expect(await rejectionOf(mailbox.cast("note", 1))).toBeInstanceOf(MailboxClosedError);
    expect(() => mailbox.tryCast("note", 1)).toThrow(MailboxClosedError);
    expect(await rejectionOf(mailbox.call("ask", 1))).toBeInstanceOf(MailboxClosedError);
    expect(await rejectionOf(mailbox.tryCall("ask", 1))).toBeInstanceOf(MailboxClosedError);
    expect(mailbox.length).toBe(0);
  });

  it("lets what is queued be received, then ends `receive`", async () => {
    const { mailbox, lost } = mailboxOf(3);
    const received: number[] = [];
    for await (const { payload } of mailbox.receive()) {
      received.push(payload);
      if (payload === 1) mailbox.close();
    }
    expect(received).toEqual([1, 2, 3]);
    expect(lost).toEqual([]);
    expect(await mailbox.receive().next()).toEqual({ done: true, value: undefined });
  });

  it("lets who closed it receive what is queued in the same breath", async () => {
    const { mailbox, lost } = mailboxOf(2);
    mailbox.close();
    const received: number[] = [];
    for await (const { payload } of mailbox.receive()) received.push(payload);
    expect(received).toEqual([1, 2]);
    expect(lost).toEqual([]);
  });

  it("lets what is queued be handled, then ends `serve`", async () => {
    const { mailbox, lost } = mailboxOf(2);
    const asked = mailbox.call("ask", 3);
    const serving = mailbox.serve({}, handlers);
    mailbox.close();
    expect(await asked).toBe(30);
    expect(await serving).toBeUndefined();
    expect(await mailbox.serve({}, handlers)).toBeUndefined();
    expect(lost).toEqual([]);
  });

  it("ends receivers that wait, each of them", async () => {
    const mailbox = new Mailbox<Desk>();
    const servings = [mailbox.serve({}, handlers), mailbox.serve({}, handlers)];
    const next = mailbox.receive().next();
    mailbox.close();
    await Promise.all(servings);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("lets a receiver that is at work go on with the rest", async () => {
    const mailbox = new Mailbox<Desk>();
    const gate = Promise.withResolvers<void>();
    const noted: number[] = [];
    const note = async (value: number) => {
      noted.push(value);
      await gate.promise;
    };
    const serving = mailbox.serve({}, { ...handlers, note });
    mailbox.cast("note", 1);
    mailbox.cast("note", 2);
    await turn();
    mailbox.close();
    expect(await stateOf(serving)).toBe("pending");
    gate.resolve();
    await serving;
    expect(noted).toEqual([1, 2]);
  });

  it("tells senders that wait for room, which were never accepted", async () => {
    const { mailbox, lost } = mailboxOf(1, { capacity: 1 });
    const inbox = mailbox.receive();
    const waiting = [mailbox.cast("note", 2)!, mailbox.call("ask", 3)];
    mailbox.close();
    for (const promise of waiting)
      expect(await rejectionOf(promise)).toBeInstanceOf(MailboxClosedError);
    expect((await inbox.next()).value!.payload).toBe(1);
    expect(await inbox.next()).toEqual({ done: true, value: undefined });
    expect(lost).toEqual([]);
  });

  it("tells senders that wait at a rendezvous, and ends its receivers", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const sent = mailbox.cast("note", 1);
    mailbox.close();
    expect(await rejectionOf(sent)).toBeInstanceOf(MailboxClosedError);
    const other = new Mailbox<Desk>({ capacity: 0 });
    const serving = other.serve({}, handlers);
    const asked = other.call("ask", 1);
    other.close();
    expect(await asked).toBe(10);
    await serving;
  });

  it("settles what is queued when nobody receives, in order, and reports it", async () => {
    const { mailbox, lost } = mailboxOf(2);
    const asked = mailbox.call("ask", 3);
    expect(await stateOf(asked)).toBe("pending");
    mailbox.close();
    const error = await rejectionOf(asked);
    expect(mailbox.length).toBe(0);
    expect(error).toBeInstanceOf(MailboxClosedError);
    expect(lost).toMatchObject([
      { kind: "cast", payload: 1, reason: { code: "MAILBOX_CLOSED" } },
      { kind: "cast", payload: 2, reason: { code: "MAILBOX_CLOSED" } },
      { kind: "call", payload: 3, reason: { code: "MAILBOX_CLOSED" } },
    ]);
  });

  it("settles what is queued when the last receiver leaves it there", async () => {
    const { mailbox, lost } = mailboxOf(3);
    const stop = new AbortController();
    const inboxes = [mailbox.receive(), mailbox.receive(stop)];
    await inboxes[0]!.next();
    mailbox.close();
    await inboxes[0]!.return!();
    expect(lost).toEqual([]);
    stop.abort();
    expect(lost).toMatchObject([{ payload: 2 }, { payload: 3 }]);
  });

  it("leaves what is queued to the next life, while the actor is waiting for it", async () => {
    const { mailbox, lost } = mailboxOf(1);
    await using stage = new Stage(mailbox, { policy: "permanent" });
    stage.puppet.life.crash();
    await stage.ended();
    mailbox.close();
    expect(mailbox.length).toBe(1);
    await stage.lives(2);
    const received: number[] = [];
    for await (const { payload } of mailbox.receive(stage.context)) received.push(payload);
    expect(received).toEqual([1]);
    expect(lost).toEqual([]);
  });

  it("settles what is queued with MailboxClosedError when its actor stops for good", async () => {
    const { mailbox, lost } = mailboxOf(1);
    const stage = new Stage(mailbox);
    const asked = mailbox.call("ask", 2);
    mailbox.close();
    expect(await stateOf(asked)).toBe("pending");
    await stage.root.stop();
    expect(await rejectionOf(asked)).toBeInstanceOf(MailboxClosedError);
    expect(lost).toMatchObject([{ payload: 1 }, { payload: 2 }]);
  });

  it("lets a call that was taken be answered", async () => {
    const mailbox = new Mailbox<Desk>();
    const asked = mailbox.call("ask", 1);
    const message = await takeFrom(mailbox);
    mailbox.close();
    expect(message.type === "ask" && message.reply(5)).toBe(true);
    expect(await asked).toBe(5);
  });

  it("changes nothing the second time", async () => {
    const { mailbox, lost } = mailboxOf(1);
    mailbox.close();
    mailbox.close();
    await turn();
    expect(lost).toHaveLength(1);
    expect(mailbox.closed).toBe(true);
  });

  it("lasts: a new run of its actor does not open it", async () => {
    const mailbox = new Mailbox<Desk>();
    const stage = new Stage(mailbox);
    mailbox.close();
    await stage.root.stop();
    stage.root.start();
    expect(mailbox.closed).toBe(true);
    expect(() => mailbox.tryCast("note", 1)).toThrow(MailboxClosedError);
    await stage.root.stop();
  });
});
