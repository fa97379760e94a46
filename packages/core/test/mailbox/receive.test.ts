import { Mailbox, type Message, Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, stateOf, turn } from "./scene.ts";

describe("Mailbox.receive", () => {
  it("yields messages that were there before, and those that come", async () => {
    const { mailbox } = mailboxOf(2);
    const received: number[] = [];
    const stop = new AbortController();
    const loop = (async () => {
      for await (const message of mailbox.receive(stop)) received.push(message.payload);
    })();
    await turn();
    expect(received).toEqual([1, 2]);
    mailbox.cast("note", 3);
    await turn();
    expect(received).toEqual([1, 2, 3]);
    stop.abort();
    await loop;
  });

  it("ends cleanly when its signal aborts while it waits, and leaves later messages queued", async () => {
    const mailbox = new Mailbox<Desk>();
    const stop = new AbortController();
    const inbox = mailbox.receive(stop);
    const next = inbox.next();
    stop.abort(new Error("a reason that is not thrown"));
    expect(await next).toEqual({ done: true, value: undefined });
    mailbox.cast("note", 1);
    expect(await inbox.next()).toEqual({ done: true, value: undefined });
    expect(mailbox.length).toBe(1);
  });

  it("ends cleanly when its signal aborts while a message is in hand, and leaves the rest queued", async () => {
    const { mailbox } = mailboxOf(3);
    const stop = new AbortController();
    const received: number[] = [];
    for await (const message of mailbox.receive(stop)) {
      received.push(message.payload);
      stop.abort();
    }
    expect(received).toEqual([1]);
    expect(mailbox.length).toBe(2);
  });

  it("yields nothing when its signal is aborted already", async () => {
    const { mailbox } = mailboxOf(1);
    const inbox = mailbox.receive({ signal: AbortSignal.abort() });
    expect(await inbox.next()).toEqual({ done: true, value: undefined });
    expect(mailbox.length).toBe(1);
  });

  it("takes a message only when it is asked for it", async () => {
    const { mailbox } = mailboxOf(3);
    const inbox = mailbox.receive();
    expect(mailbox.length).toBe(3);
    await inbox.next();
    await turn();
    expect(mailbox.length).toBe(2);
  });

  it("answers several requests that wait at the same time in their order", async () => {
    const mailbox = new Mailbox<Desk>();
    const inbox = mailbox.receive();
    const answers = [inbox.next(), inbox.next(), inbox.next()];
    for (let value = 1; value <= 2; value++) mailbox.cast("note", value);
    await turn();
    mailbox.cast("note", 3);
    const payloads = (await Promise.all(answers)).map(({ value }) => value?.payload);
    expect(payloads).toEqual([1, 2, 3]);
  });

  it("ends requests that wait when it is returned, and leaves its messages to others", async () => {
    const mailbox = new Mailbox<Desk>();
    const inbox = mailbox.receive();
    const next = inbox.next();
    expect(await inbox.return!()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    mailbox.cast("note", 1);
    await turn();
    expect(mailbox.length).toBe(1);
  });

  it("is disposable", async () => {
    const mailbox = new Mailbox<Desk>();
    let next: Promise<IteratorResult<Message<Desk>, undefined>>;
    {
      await using inbox = mailbox.receive();
      next = inbox.next();
    }
    expect((await next).done).toBe(true);
  });

  it("leaves the rest queued when the loop breaks off or throws", async () => {
    const { mailbox } = mailboxOf(3);
    for await (const { payload } of mailbox.receive()) {
      expect(payload).toBe(1);
      break;
    }
    const loop = async () => {
      for await (const { payload } of mailbox.receive()) throw new Error(`boom ${payload}`);
    };
    expect((await rejectionOf(loop())).message).toBe("boom 2");
    expect(mailbox.length).toBe(1);
  });

  it("lets a receiver that broke off be followed by another one, which gets what the first was woken for", async () => {
    const mailbox = new Mailbox<Desk>();
    const first = mailbox.receive();
    const second = mailbox.receive();
    const answers = [first.next(), second.next()];
    mailbox.cast("note", 1);
    void first.return!();
    expect(await answers[0]).toEqual({ done: true, value: undefined });
    expect((await answers[1]!).value!.payload).toBe(1);
  });

  it("has a signal on each message: of a cast it is aborted when the life must end", async () => {
    const { mailbox } = mailboxOf(1);
    await using stage = new Stage(mailbox);
    const { value } = await mailbox.receive(stage.context).next();
    expect(value!.signal.aborted).toBe(false);
    stage.puppet.life.finish();
    expect(value!.signal.aborted).toBe(true);
  });

  it("aborts the signal of a call that is deferred, or whose loop was left, when the life must end", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox);
    for (const value of [1, 2]) void mailbox.call("ask", value);
    const signals: AbortSignal[] = [];
    for await (const { signal } of mailbox.receive(stage.context)) {
      signals.push(signal);
      if (signals.length === 2) break;
    }
    await turn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    stage.puppet.life.hang();
    stage.puppet.life.finish();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    stage.puppet.life.end();
  });

  it("does not abort the signal of a message because the receiving is over", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox);
    void mailbox.call("ask", 1);
    let left: Message<Desk> | undefined;
    for await (const message of mailbox.receive(stage.context)) {
      left = message;
      break;
    }
    expect(left!.signal.aborted).toBe(false);
    expect(left!.type === "ask" && left!.reply(1)).toBe(true);
  });
});

describe("Mailbox.receive: whose life it is (M7)", () => {
  type Derive = (signal: AbortSignal) => AbortSignal;
  const derivations: [string, Derive][] = [
    ["the life's signal", (signal) => signal],
    [
      "AbortSignal.any of it and another",
      (signal) => AbortSignal.any([new AbortController().signal, signal]),
    ],
    [
      "a hand-made derived one",
      (signal) => {
        const inner = new AbortController();
        signal.addEventListener("abort", () => inner.abort(new Error("inner")));
        return inner.signal;
      },
    ],
    [
      "one that is derived twice",
      (signal) => AbortSignal.any([AbortSignal.any([signal, AbortSignal.timeout(100_000)])]),
    ],
  ];

  describe.each(derivations)("with %s", (_, derive) => {
    describe.each([
      ["its own mailbox", true],
      ["a mailbox that it does not own", false],
    ])("and %s", (_, isOwn) => {
      const boom = new Error("boom");

      it.each(["in hand", "deferred", "in hand after the loop was left"])(
        "tells a caller whose call is %s of a crash, and of a clean end",
        async (where) => {
          for (const end of ["crash", "end"] as const) {
            const { mailbox, lost } = mailboxOf(0);
            await using stage = new Stage(isOwn ? mailbox : undefined, { policy: "temporary" });
            const asked = mailbox.call("ask", 1);
            const inbox = mailbox.receive({ signal: derive(stage.context.signal) });
            const { signal } = (await inbox.next()).value!;
            if (where === "deferred") void inbox.next();
            if (where === "in hand after the loop was left") void inbox.return!();
            expect(await stateOf(asked)).toBe("pending");
            expect(signal.aborted).toBe(false);
            stage.puppet.life[end](boom);
            const error = await rejectionOf(asked);
            expect(signal.aborted).toBe(true);
            expect(error).toMatchObject(
              end === "crash" ? { code: "ACTOR_CRASHED", cause: boom } : { code: "ACTOR_STOPPED" },
            );
            expect(lost.map(({ reason }) => reason)).toEqual(end === "crash" ? [error] : []);
            expect(await inbox.next()).toEqual({ done: true, value: undefined });
          }
        },
      );

      it("reports a cast that was in hand when the life crashed", async () => {
        const { mailbox, lost } = mailboxOf(2);
        await using stage = new Stage(isOwn ? mailbox : undefined, { policy: "temporary" });
        const inbox = mailbox.receive({ signal: derive(stage.context.signal) });
        await inbox.next();
        await inbox.next();
        stage.puppet.life.crash(boom);
        await stage.ended();
        expect(lost).toMatchObject([
          { kind: "cast", payload: 2, reason: { code: "ACTOR_CRASHED", cause: boom } },
        ]);
      });
    });
  });

  it("takes a life's signal and its whole context alike", async () => {
    for (const whole of [true, false]) {
      const mailbox = new Mailbox<Desk>();
      await using stage = new Stage(mailbox, { policy: "temporary" });
      const asked = mailbox.call("ask", 1);
      const { context } = stage;
      await mailbox.receive(whole ? context : { signal: context.signal }).next();
      stage.puppet.life.crash();
      expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_CRASHED" });
    }
  });

  it("is the actor's life for its own mailbox, also without any signal", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const asked = mailbox.call("ask", 1);
    const inbox = mailbox.receive();
    await inbox.next();
    const next = inbox.next();
    stage.puppet.life.crash();
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_CRASHED" });
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("stays the actor's for its own mailbox when a derived signal aborts by another source", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const pause = new AbortController();
    const asked = mailbox.call("ask", 1);
    const inbox = mailbox.receive({
      signal: AbortSignal.any([stage.context.signal, pause.signal]),
    });
    const message = (await inbox.next()).value!;
    pause.abort();
    expect(await inbox.next()).toEqual({ done: true, value: undefined });
    expect(await stateOf(asked)).toBe("pending");
    expect(message.type === "ask" && message.reply(3)).toBe(true);
    expect(await asked).toBe(3);
  });

  it("does not move to another life that aborts the receiving from outside", async () => {
    const mailbox = new Mailbox<Desk>();
    await using own = new Stage(mailbox, { policy: "temporary" });
    await using other = new Stage(undefined, { policy: "temporary" });
    const pause = new AbortController();
    other.context.signal.addEventListener("abort", () => pause.abort());
    const asked = mailbox.call("ask", 1);
    const message = (await mailbox.receive(pause).next()).value!;
    other.puppet.life.crash(new Error("not mine"));
    await other.ended();
    expect(await stateOf(asked)).toBe("pending");
    expect(message.type === "ask" && message.reply(3)).toBe(true);
    expect(own.puppet.isRunning).toBe(true);
  });

  it("is fenced once it was left behind: it receives no more, though it asks", async () => {
    const { mailbox } = mailboxOf(2);
    const stage = new Stage(mailbox, { shutdownTimeout: 1, policy: "permanent" });
    const { context } = stage;
    const inbox = mailbox.receive(context);
    await inbox.next();
    stage.puppet.life.hang();
    context.fail(new Error("boom"));
    await stage.recorder.until("abandoned desk");
    await stage.lives(2);
    expect(await inbox.next()).toEqual({ done: true, value: undefined });
    for (const options of [context, { signal: context.signal }]) {
      expect(await mailbox.receive(options).next()).toEqual({ done: true, value: undefined });
    }
    expect((await mailbox.receive(stage.context).next()).value!.payload).toBe(2);
    stage.puppet.lives[0]!.end();
    await stage.root.stop();
  });

  it("may have several receivers, each with a message of its own in hand", async () => {
    const { mailbox, lost } = mailboxOf(2);
    await using root = new Supervisor("root", { policy: "temporary" });
    root.start();
    const gate = Promise.withResolvers<never>();
    const { done } = root.spawn({
      name: "desk",
      async run({ signal }) {
        const loop = async () => {
          for await (const _ of mailbox.receive({ signal: AbortSignal.any([signal]) }))
            await gate.promise;
        };
        await Promise.all([loop(), loop()]);
      },
    });
    await turn();
    expect(mailbox.length).toBe(0);
    gate.reject(new Error("boom"));
    expect(await done).toMatchObject({ message: "boom" });
    expect(new Set(lost.map(({ payload }) => payload))).toEqual(new Set([1, 2]));
  });
});
