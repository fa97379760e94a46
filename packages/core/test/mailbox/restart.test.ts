import { ActorStoppedError, actor, Mailbox, Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, takeFrom, turn } from "./scene.ts";

describe("Mailbox: over a crash (M8)", () => {
  it("keeps what is queued for the next life, in order; what was in hand is not redelivered", async () => {
    const { mailbox, lost } = mailboxOf(2);
    await using stage = new Stage(mailbox);
    const inbox = mailbox.receive(stage.context);
    const asked = mailbox.call("ask", 3);
    mailbox.cast("note", 4);
    for (let count = 0; count < 3; count++) await inbox.next();
    const boom = new Error("boom");
    stage.puppet.life.crash(boom);
    mailbox.cast("note", 5);
    const next = mailbox.call("ask", 6);
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
    await stage.lives(2);
    const received: number[] = [];
    const second = mailbox.receive(stage.context);
    for (let count = 0; count < 3; count++) {
      const { value } = await second.next();
      received.push(value!.payload);
      if (value!.type === "ask") value!.reply(60);
    }
    expect(received).toEqual([4, 5, 6]);
    expect(await next).toBe(60);
    expect(lost.map(({ payload }) => payload)).toEqual([3]);
  });

  it("keeps order and messages over many crashes of a serving actor", async () => {
    const handled: number[] = [];
    const lost: number[] = [];
    const desk = actor(
      "desk",
      () => ({
        note(value: number) {
          if (value % 5 === 0) throw new Error(`boom ${value}`);
          handled.push(value);
        },
        last: () => handled.at(-1),
      }),
      { onUndelivered: ({ payload }) => lost.push(payload as number) },
    );
    await using root = new Supervisor("root", { actors: [desk], restartDelay: 0 });
    root.start();
    for (let value = 1; value <= 24; value++) desk.cast("note", value);
    expect(await desk.call("last")).toBe(24);
    expect(lost).toEqual([5, 10, 15, 20]);
    expect(handled).toEqual(
      Array.from({ length: 24 }, (_, index) => index + 1).filter((value) => value % 5 !== 0),
    );
  });

  it("keeps senders that wait for room waiting, and lets them in later", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    await using stage = new Stage(mailbox);
    const waiting = mailbox.cast("note", 2);
    stage.puppet.life.crash();
    await stage.lives(2);
    expect((await takeFrom(mailbox)).payload).toBe(1);
    await waiting;
    expect((await takeFrom(mailbox)).payload).toBe(2);
  });

  it("does not redeliver a message whose handler never ended, as its life was left behind", async () => {
    const begun: number[] = [];
    const lost: number[] = [];
    const desk = actor(
      "desk",
      ({ restarts, fail }) => ({
        note(value: number) {
          begun.push(value);
          if (restarts > 0) return undefined;
          fail(new Error("boom"));
          return new Promise(() => {});
        },
        ask: () => restarts,
      }),
      { onUndelivered: ({ payload }) => lost.push(payload as number) },
    );
    await using root = new Supervisor("root", {
      actors: [desk],
      restartDelay: 0,
      shutdownTimeout: 1,
    });
    root.start();
    desk.cast("note", 1);
    desk.cast("note", 2);
    expect(await desk.call("ask")).toBe(1);
    expect(begun).toEqual([1, 2]);
    expect(lost).toEqual([1]);
  });

  it("does not redeliver a message that an async handler had begun", async () => {
    const begun: number[] = [];
    const gate = Promise.withResolvers<void>();
    const desk = actor("desk", ({ restarts, fail }) => ({
      async note(value: number) {
        begun.push(value);
        if (restarts > 0) return;
        fail(new Error("boom"));
        await gate.promise;
      },
      ask: () => restarts,
    }));
    await using root = new Supervisor("root", { actors: [desk], restartDelay: 0 });
    root.start();
    desk.cast("note", 1);
    desk.cast("note", 2);
    await turn();
    gate.resolve();
    expect(await desk.call("ask")).toBe(1);
    expect(begun).toEqual([1, 2]);
  });
});

describe("Mailbox: stopped for good, and run anew (M12)", () => {
  it("refuses messages after the stop, and takes them again when its supervisor runs its actor anew", async () => {
    const mailbox = new Mailbox<Desk>();
    const stage = new Stage(mailbox);
    await stage.root.stop();
    expect(() => mailbox.tryCast("note", 1)).toThrow(ActorStoppedError);
    expect(mailbox.closed).toBe(false);
    stage.root.start();
    expect(mailbox.tryCast("note", 2)).toBe(true);
    expect((await takeFrom(mailbox, stage.context.signal)).payload).toBe(2);
    await stage.root.stop();
    expect(() => mailbox.tryCast("note", 3)).toThrow(ActorStoppedError);
    stage.root.start();
    expect(mailbox.tryCast("note", 4)).toBe(true);
    await stage.root.stop();
  });

  it("takes messages again when the actor is spawned anew, by another supervisor too", async () => {
    const desk = actor("desk", () => ({ ask: (value: number) => value }));
    for (const name of ["first", "second"]) {
      await using root = new Supervisor(name);
      root.start();
      for (let run = 0; run < 2; run++) {
        const child = root.spawn(desk);
        expect(await desk.call("ask", run)).toBe(run);
        await child.stop();
        expect(await rejectionOf(desk.call("ask", run))).toBeInstanceOf(ActorStoppedError);
      }
    }
  });

  it("takes messages before its actor ever ran", async () => {
    const desk = actor("desk", () => ({ ask: (value: number) => value * 2 }));
    const asked = desk.call("ask", 21);
    await using root = new Supervisor("root", { actors: [desk] });
    root.start();
    expect(await asked).toBe(42);
  });

  it("refuses nothing while the actor waits for its restart", async () => {
    const { mailbox } = mailboxOf(0);
    await using stage = new Stage(mailbox, { restartDelay: 1_000 });
    stage.puppet.life.crash();
    await stage.ended();
    expect(mailbox.tryCast("note", 1)).toBe(true);
  });
});
