import { actor, Mailbox, Supervisor, type SupervisorObserver } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, drain, mailboxOf, rejectionOf, Stage, takeFrom, turn } from "./scene.ts";

describe("Mailbox: onUndelivered (M13)", () => {
  it("is told of what is queued when its actor stops for good, in order, casts and calls", async () => {
    const { mailbox, lost } = mailboxOf(2);
    const stage = new Stage(mailbox);
    const asked = mailbox.call("ask", 3);
    await stage.root.stop();
    const error = await rejectionOf(asked);
    expect(lost).toMatchObject([
      { kind: "cast", type: "note", payload: 1, reason: { code: "ACTOR_STOPPED" } },
      { kind: "cast", type: "note", payload: 2, reason: { code: "ACTOR_STOPPED" } },
      { kind: "call", type: "ask", payload: 3, reason: error },
    ]);
    expect(mailbox.length).toBe(0);
  });

  it("is told after the caller, whom it cannot answer any more", async () => {
    const replies: boolean[] = [];
    const { mailbox } = mailboxOf(0, {
      onUndelivered: (message) => replies.push(message.type === "ask" && message.reply(1)),
    });
    const stage = new Stage(mailbox);
    const calls = [mailbox.call("ask", 1), mailbox.call("ask", 2)];
    await takeFrom(mailbox, stage.context.signal);
    stage.puppet.life.crash();
    await stage.root.stop();
    expect(replies).toEqual([false, false]);
    for (const call of calls) expect(await rejectionOf(call)).toBeInstanceOf(Error);
  });

  it("is not told of a message that was withdrawn, refused or handled", async () => {
    const { mailbox, lost } = mailboxOf(0, { capacity: 1 });
    const controller = new AbortController();
    void mailbox.call("ask", 1, controller);
    void mailbox.cast("note", 2, controller);
    void mailbox.tryCall("ask", 3);
    mailbox.tryCast("note", 4);
    controller.abort();
    mailbox.cast("note", 5);
    expect(await drain(mailbox)).toEqual([5]);
    mailbox.close();
    void mailbox.cast("note", 6);
    expect(lost).toEqual([]);
  });

  it("is not told of a call that was answered before the life crashed", async () => {
    const { mailbox, lost } = mailboxOf(0);
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const asked = mailbox.call("ask", 1);
    const message = await takeFrom(mailbox, stage.context.signal);
    if (message.type === "ask") message.reply(1);
    stage.puppet.life.crash();
    await stage.ended();
    expect(await asked).toBe(1);
    expect(lost).toEqual([]);
  });

  it("is not told of a cast that its loop was done with when the life crashed", async () => {
    const { mailbox, lost } = mailboxOf(2);
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const inbox = mailbox.receive(stage.context);
    await inbox.next();
    await inbox.next();
    void inbox.next();
    stage.puppet.life.crash();
    await stage.ended();
    expect(lost).toEqual([]);
  });

  it("cannot hurt: what it throws or rejects with changes nothing, and the rest is reported", async () => {
    const seen: number[] = [];
    const { mailbox } = mailboxOf(3, {
      onUndelivered: ({ payload }) => {
        seen.push(payload);
        if (payload === 1) throw new Error("onUndelivered failed");
        return Promise.reject(new Error("onUndelivered rejected")) as never;
      },
    });
    const stage = new Stage(mailbox);
    await stage.root.stop();
    await turn();
    expect(seen).toEqual([1, 2, 3]);
  });

  it.each([null, 1, "log", {}])("refuses %s in place of a function", (onUndelivered) => {
    const create = () => new Mailbox<Desk>({ onUndelivered: onUndelivered as never });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(/^Cannot create mailbox: `onUndelivered` must be a function, got /);
  });

  it("is an option of `actor` too, and the observers of all supervisors above hear the same", async () => {
    const seen: string[] = [];
    const observe = (name: string): SupervisorObserver => ({
      onMessageUndelivered: (by, { type, payload }, reason) =>
        seen.push(`${name}: ${by.name} ${type} ${String(payload)} ${reason.name}`),
    });
    const desk = actor("desk", () => ({ ask: (value: number) => value }), {
      onUndelivered: ({ type, payload }, reason) =>
        seen.push(`own: ${type} ${payload} ${reason.name}`),
    });
    const inner = new Supervisor("inner", { actors: [desk], observer: observe("inner") });
    const root = new Supervisor("root", { actors: [inner], observer: observe("root") });
    root.start();
    void desk.call("unheard" as "ask", 1);
    expect(await desk.call("ask", 2)).toBe(2);
    expect(seen).toEqual([
      "own: unheard 1 TypeError",
      "inner: desk unheard 1 TypeError",
      "root: desk unheard 1 TypeError",
    ]);
    await root.stop();
  });
});

describe("Mailbox: the sum (M13)", () => {
  it("accepted = handled + undelivered + queued, at any time", async () => {
    let accepted = 0;
    let handled = 0;
    const { mailbox, lost } = mailboxOf(0, { capacity: 5 });
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const sum = () => handled + lost.length + mailbox.length;
    for (let value = 0; value < 7; value++) if (mailbox.tryCast("note", value)) accepted++;
    expect(sum()).toBe(accepted);
    const inbox = mailbox.receive(stage.context);
    for (let count = 0; count < 2; count++) {
      await inbox.next();
      expect(sum() + 1).toBe(accepted);
      handled++;
    }
    handled--; // The second one is in hand.
    stage.puppet.life.crash();
    await stage.ended();
    expect(mailbox.length).toBe(0);
    expect(sum()).toBe(accepted);
    expect([accepted, handled, lost.length]).toEqual([5, 1, 4]);
  });
});
