import { Mailbox, MailboxFullError } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, stateOf, takeFrom, turn } from "./scene.ts";

describe("Mailbox: rendezvous (M2, capacity 0)", () => {
  it("completes a cast when a receiver takes it", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const sent = mailbox.cast("note", 1);
    expect(await stateOf(sent)).toBe("pending");
    expect(mailbox.length).toBe(0);
    const message = await takeFrom(mailbox);
    expect(message).toMatchObject({ kind: "cast", type: "note", payload: 1 });
    expect(await sent).toBeUndefined();
  });

  it("accepts a cast at once when a receiver waits", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const taken = takeFrom(mailbox);
    expect(mailbox.cast("note", 1)).toBeUndefined();
    expect(mailbox.length).toBe(0);
    expect((await taken).payload).toBe(1);
  });

  it("hands one message to each receiver that waits, and no more", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const taken = [takeFrom(mailbox), takeFrom(mailbox)];
    expect(mailbox.tryCast("note", 1)).toBe(true);
    expect(mailbox.tryCast("note", 2)).toBe(true);
    expect(mailbox.tryCast("note", 3)).toBe(false);
    expect(await Promise.all(taken)).toMatchObject([{ payload: 1 }, { payload: 2 }]);
  });

  it("refuses tryCast and tryCall while no receiver waits", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    expect(mailbox.tryCast("note", 1)).toBe(false);
    const error = await rejectionOf(mailbox.tryCall("ask", 1));
    expect(error).toBeInstanceOf(MailboxFullError);
    let release: ((value: number) => void) | undefined;
    void mailbox.serve({}, { note: () => {}, ask: () => new Promise((done) => (release = done)) });
    const asked = mailbox.tryCall("ask", 2);
    await turn();
    expect(mailbox.tryCast("note", 2)).toBe(false);
    release!(7);
    expect(await asked).toBe(7);
    expect(mailbox.tryCast("note", 3)).toBe(true);
  });

  it("answers calls, whether the receiver or the caller came first", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const before = mailbox.call("ask", 1);
    void mailbox.serve({}, { note: () => {}, ask: (value) => value * 10 });
    expect(await before).toBe(10);
    await turn();
    expect(await mailbox.call("ask", 2)).toBe(20);
    expect(await mailbox.tryCall("ask", 3)).toBe(30);
  });

  it("withdraws a call that was handed over and whose caller gives up before the receiver ran", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const handled: number[] = [];
    void mailbox.serve(
      {},
      { note: (value) => handled.push(value), ask: (value) => handled.push(value) },
    );
    const controller = new AbortController();
    const asked = mailbox.call("ask", 1, { signal: controller.signal });
    controller.abort();
    expect(await rejectionOf(asked)).toBe(controller.signal.reason);
    await turn();
    expect(handled).toEqual([]);
    mailbox.tryCast("note", 2);
    await turn();
    expect(handled).toEqual([2]);
  });

  it("ends a receiver whose life ended while it held a message that was withdrawn", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const stop = new AbortController();
    const caller = new AbortController();
    const serving = mailbox.serve({ signal: stop.signal }, { note: () => {}, ask: () => 1 });
    const asked = mailbox.call("ask", 1, { signal: caller.signal });
    const next = mailbox.cast("note", 2);
    stop.abort();
    caller.abort();
    await serving;
    expect(await rejectionOf(asked)).toBe(caller.signal.reason);
    expect(await stateOf(next)).toBe("pending");
    expect((await takeFrom(mailbox)).payload).toBe(2);
  });

  it("delivers a message that was accepted just before the receiving was aborted", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 0 });
    const stop = new AbortController();
    const handled: number[] = [];
    const serving = mailbox.serve(
      { signal: stop.signal },
      { note: (value) => handled.push(value), ask: () => 1 },
    );
    expect(mailbox.tryCast("note", 1)).toBe(true);
    stop.abort();
    await serving;
    expect(handled).toEqual([1]);
  });

  it("reports a message as undelivered whose receiver returned before it saw it", async () => {
    const { mailbox, lost } = mailboxOf(0, { capacity: 0 });
    const inbox = mailbox.receive();
    const next = inbox.next();
    expect(mailbox.tryCast("note", 1)).toBe(true);
    await inbox.return!();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(lost).toMatchObject([{ type: "note", payload: 1, reason: { code: "ACTOR_STOPPED" } }]);
  });

  it("reports a message at once whose loop was left before it saw it, though its life receives anew", async () => {
    const { mailbox, lost } = mailboxOf(0, { capacity: 0 });
    await using stage = new Stage(mailbox);
    const inbox = mailbox.receive(stage.context);
    const next = inbox.next();
    await turn();
    const asked = mailbox.call("ask", 1);
    await inbox.return!();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_STOPPED" });
    expect(lost).toMatchObject([{ kind: "call", payload: 1 }]);
    const other = mailbox.receive(stage.context).next();
    mailbox.cast("note", 2);
    expect((await other).value!.payload).toBe(2);
    expect(lost).toHaveLength(1);
  });

  it("reports a message as undelivered whose life ended before it saw it", async () => {
    const { mailbox, lost } = mailboxOf(0, { capacity: 0 });
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const handled: number[] = [];
    void mailbox.serve(stage.context, { note: (value) => handled.push(value), ask: () => 1 });
    stage.puppet.life.end();
    // The life is over in a microtask of its own; the message comes in front of it, and behind its receiver.
    expect(mailbox.tryCast("note", 1)).toBe(true);
    const asked = mailbox.call("ask", 2);
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_STOPPED" });
    expect(handled.length + lost.length).toBe(1);
  });

  it("keeps senders waiting over a restart", async () => {
    const { mailbox } = mailboxOf(0, { capacity: 0 });
    await using stage = new Stage(mailbox, { policy: "permanent" });
    const asked = mailbox.call("ask", 1);
    const sent = mailbox.cast("note", 2);
    stage.puppet.life.crash();
    await stage.lives(2);
    expect(await stateOf(sent)).toBe("pending");
    const inbox = mailbox.receive(stage.context);
    const first = (await inbox.next()).value!;
    if (first.type === "ask") first.reply(5);
    expect(await asked).toBe(5);
    expect((await inbox.next()).value!.payload).toBe(2);
    expect(await sent).toBeUndefined();
  });
});
