import {
  ActorCrashedError,
  ActorStoppedError,
  Mailbox,
  MailboxClosedError,
  MailboxFullError,
  type Message,
  Supervisor,
  task,
} from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import {
  type Desk,
  drain,
  mailboxOf,
  rejectionOf,
  Stage,
  stateOf,
  takeFrom,
  turn,
} from "./scene.ts";

type Ask = Extract<Message<Desk>, { type: "ask" }>;

async function takeCall(mailbox: Mailbox<Desk>, signal?: AbortSignal): Promise<Ask> {
  const message = await takeFrom(mailbox, signal);
  if (message.type !== "ask") throw new Error(`Took "${message.type}"`);
  return message;
}

describe("Mailbox.call: settles (M7)", () => {
  it("with the reply", async () => {
    const mailbox = new Mailbox<Desk>();
    const asked = mailbox.call("ask", 1);
    const message = await takeCall(mailbox);
    expect(message).toMatchObject({ kind: "call", type: "ask", payload: 1 });
    expect(await stateOf(asked)).toBe("pending");
    expect(message.reply(42)).toBe(true);
    expect(await asked).toBe(42);
  });

  it("with what the receiver fails it with", async () => {
    const mailbox = new Mailbox<Desk>();
    const error = new Error("not today");
    const asked = mailbox.call("ask", 1);
    expect((await takeCall(mailbox)).fail(error)).toBe(true);
    expect(await rejectionOf(asked)).toBe(error);
  });

  it("with the handler's error, that same object, when the handler throws or rejects", async () => {
    for (const isAsync of [false, true]) {
      const mailbox = new Mailbox<Desk>();
      const error = new Error("handler");
      const serving = mailbox.serve(
        {},
        {
          note: () => {},
          ask: () => {
            if (isAsync) return Promise.reject(error);
            throw error;
          },
        },
      );
      const asked = mailbox.call("ask", 1);
      expect(await rejectionOf(asked)).toBe(error);
      expect(await rejectionOf(serving)).toBe(error);
    }
  });

  const crash = new Error("boom");

  it.each<[string, (stage: Stage) => void]>([
    ["rejects", (stage) => stage.puppet.life.crash(crash)],
    ["calls fail", (stage) => stage.puppet.life.fail(crash)],
  ])(
    "with ActorCrashedError, its cause the crash, when the life that took it %s",
    async (_, end) => {
      const { mailbox, lost } = mailboxOf(0);
      await using stage = new Stage(mailbox);
      const asked = mailbox.call("ask", 1);
      const message = await takeCall(mailbox, stage.context.signal);
      end(stage);
      const error = await rejectionOf(asked);
      expect(error).toBeInstanceOf(ActorCrashedError);
      expect(error.cause).toBe(crash);
      expect(error.message).toContain('"ask"');
      expect(message.signal.aborted).toBe(true);
      expect(message.reply(1)).toBe(false);
      expect(lost).toMatchObject([{ kind: "call", type: "ask", payload: 1, reason: error }]);
    },
  );

  it("with ActorCrashedError when the loop around it throws", async () => {
    const mailbox = new Mailbox<Desk>();
    await using root = new Supervisor("root", { policy: "temporary" });
    root.start();
    const { done } = root.spawn({
      name: "desk",
      mailbox,
      async run(context) {
        for await (const _ of mailbox.receive(context)) throw crash;
      },
    });
    const asked = mailbox.call("ask", 1);
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_CRASHED", cause: crash });
    expect(await done).toBe(crash);
  });

  it("with ActorCrashedError when the life crashed while an async handler, told to stop, gave up", async () => {
    const { mailbox, lost } = mailboxOf(0);
    await using root = new Supervisor("root", { policy: "temporary" });
    root.start();
    let fail: ((error: unknown) => void) | undefined;
    root.spawn({
      name: "desk",
      mailbox,
      run(context) {
        fail = context.fail;
        return mailbox.serve(context, {
          note: () => {},
          ask: (_, { signal }) =>
            new Promise((_, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason as Error));
            }),
        });
      },
    });
    const asked = mailbox.call("ask", 1);
    await turn();
    fail!(crash);
    expect(await rejectionOf(asked)).toMatchObject({ code: "ACTOR_CRASHED", cause: crash });
    expect(lost).toMatchObject([{ kind: "call", payload: 1, reason: { code: "ACTOR_CRASHED" } }]);
  });

  it.each<[string, (stage: Stage) => unknown]>([
    ["returns", (stage) => stage.puppet.life.end()],
    ["calls finish", (stage) => stage.puppet.life.finish()],
    ["is stopped", (stage) => stage.root.stop()],
    ["is restarted", (stage) => stage.root.children[0]!.restart()],
  ])("with ActorStoppedError when the life that took it %s without a reply", async (_, end) => {
    const { mailbox, lost } = mailboxOf(0);
    await using stage = new Stage(mailbox);
    const asked = mailbox.call("ask", 1);
    const message = await takeCall(mailbox, stage.context.signal);
    end(stage);
    const error = await rejectionOf(asked);
    expect(error).toBeInstanceOf(ActorStoppedError);
    expect(error.message).toContain('"ask"');
    expect(message.reply(1)).toBe(false);
    expect(lost).toEqual([]);
  });

  it("with ActorStoppedError when the handler was told to stop and gave up", async () => {
    const mailbox = new Mailbox<Desk>();
    const stop = new AbortController();
    const serving = mailbox.serve(stop, {
      note: () => {},
      ask: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    });
    const asked = mailbox.call("ask", 1);
    await turn();
    stop.abort();
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
    await serving;
  });

  it("with ActorStoppedError when the actor is stopped for good while it is queued, or waits for room", async () => {
    const { mailbox, lost } = mailboxOf(0, { capacity: 1 });
    const stage = new Stage(mailbox);
    const calls = [mailbox.call("ask", 1), mailbox.call("ask", 2)];
    const cast = mailbox.cast("note", 3);
    await stage.root.stop();
    for (const promise of [...calls, cast]) {
      expect(await rejectionOf(promise)).toBeInstanceOf(ActorStoppedError);
    }
    // Those that waited for room were never accepted.
    expect(lost).toMatchObject([{ kind: "call", payload: 1, reason: { code: "ACTOR_STOPPED" } }]);
    expect(mailbox.length).toBe(0);
  });

  it.each(["transient", "temporary", "permanent"] as const)(
    "with ActorStoppedError when a %s actor that is waiting, or will not be restarted, stops for good",
    async (policy) => {
      const mailbox = new Mailbox<Desk>();
      const stage = new Stage(mailbox, { policy, restartDelay: 1_000 });
      const asked = mailbox.call("ask", 1);
      stage.puppet.life.crash();
      await stage.ended();
      expect(await stateOf(asked)).toBe(policy === "temporary" ? "rejected" : "pending");
      await stage.root.stop();
      expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
    },
  );

  it("with ActorStoppedError when the restart limit is crossed while it is queued", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox, { restartLimit: { maxRestarts: 0, window: 1_000 } });
    const asked = mailbox.call("ask", 1);
    stage.puppet.life.crash();
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
  });

  it("with ActorStoppedError when it is made after the actor was stopped for good", async () => {
    const mailbox = new Mailbox<Desk>();
    const stage = new Stage(mailbox);
    await stage.root.stop();
    for (const sender of ["call", "tryCall"] as const) {
      const error = await rejectionOf(mailbox[sender]("ask", 1));
      expect(error).toBeInstanceOf(ActorStoppedError);
      expect(error.message).toBe(
        'Cannot call "ask": the mailbox belongs to "desk", which is stopped',
      );
      expect(error.cause).toBeUndefined();
    }
  });

  it("with the crash that ended the actor for good as its cause", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox, { policy: "temporary" });
    const crash = new Error("on fire");
    stage.puppet.life.crash(crash);
    await stage.ended();
    expect((await rejectionOf(mailbox.call("ask", 1))).cause).toBe(crash);
  });

  it("with ActorStoppedError when the life that holds it is left behind", async () => {
    vi.useFakeTimers();
    try {
      const mailbox = new Mailbox<Desk>();
      const stage = new Stage(mailbox, { shutdownTimeout: 100 });
      const asked = mailbox.call("ask", 1);
      const inbox = mailbox.receive(stage.context);
      const message = (await inbox.next()).value as Ask;
      stage.puppet.life.hang();
      const stopped = stage.root.stop();
      expect(await stateOf(asked)).toBe("pending");
      expect(message.signal.aborted).toBe(true);
      vi.advanceTimersByTime(100);
      await stopped;
      expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
      expect(message.reply(1)).toBe(false);
      expect(await inbox.next()).toEqual({ done: true, value: undefined });
    } finally {
      vi.useRealTimers();
    }
  });

  it("also when a receiver of nobody in particular breaks off with it in hand", async () => {
    const mailbox = new Mailbox<Desk>();
    const asked = mailbox.call("ask", 1);
    for await (const _ of mailbox.receive()) break;
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
  });

  it("also when the signal of a receiver of nobody in particular aborts with it in hand", async () => {
    const mailbox = new Mailbox<Desk>();
    const stop = new AbortController();
    const asked = mailbox.call("ask", 1);
    const inbox = mailbox.receive(stop);
    await inbox.next();
    stop.abort();
    await inbox.next();
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
  });

  it("with MailboxFullError at once when tryCall finds no room", async () => {
    const { mailbox } = mailboxOf(2, { capacity: 2 });
    const error = await rejectionOf(mailbox.tryCall("ask", 1));
    expect(error).toBeInstanceOf(MailboxFullError);
    expect(error.message).toBe('Cannot call "ask": 2 messages are queued');
    expect(await drain(mailbox)).toEqual([1, 2]);
  });

  it("with MailboxClosedError when it is made after close()", async () => {
    const mailbox = new Mailbox<Desk>();
    mailbox.close();
    for (const sender of ["call", "tryCall"] as const) {
      const error = await rejectionOf(mailbox[sender]("ask", 1));
      expect(error).toBeInstanceOf(MailboxClosedError);
      expect(error.message).toBe('Cannot call "ask": the mailbox is closed');
    }
  });
});

describe("Mailbox.call: replies", () => {
  it("counts the first of reply and fail; a second one changes nothing and returns false (M11)", async () => {
    const mailbox = new Mailbox<Desk>();
    const replied = mailbox.call("ask", 1);
    const failed = mailbox.call("ask", 2);
    const first = await takeCall(mailbox);
    expect([first.reply(1), first.reply(2), first.fail(new Error("late"))]).toEqual([
      true,
      false,
      false,
    ]);
    const second = await takeCall(mailbox);
    const error = new Error("first");
    expect([second.fail(error), second.reply(2), second.fail(new Error("late"))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await replied).toBe(1);
    expect(await rejectionOf(failed)).toBe(error);
  });

  it("changes nothing and returns false for a cast (M11)", async () => {
    const { mailbox } = mailboxOf(1);
    const message = await takeFrom(mailbox);
    expect(message.kind).toBe("cast");
    expect(message.type === "note" && message.reply(undefined)).toBe(false);
    expect(message.fail(new Error("nobody asked"))).toBe(false);
  });

  it("may come later, in any order, while other messages are received", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox);
    const calls = [1, 2, 3].map((value) => mailbox.call("ask", value));
    const taken: Ask[] = [];
    const inbox = mailbox.receive(stage.context);
    for (let count = 0; count < 3; count++) taken.push((await inbox.next()).value as Ask);
    const idle = inbox.next();
    await turn();
    for (const message of taken.toReversed())
      expect(message.reply(message.payload * 10)).toBe(true);
    expect(await Promise.all(calls)).toEqual([10, 20, 30]);
    mailbox.cast("note", 4);
    expect((await idle).value!.payload).toBe(4);
  });

  it("may come after the receiving was broken off and begun anew, in the same life", async () => {
    const mailbox = new Mailbox<Desk>();
    await using stage = new Stage(mailbox);
    const calls = [mailbox.call("ask", 1), mailbox.call("ask", 2)];
    const taken: Ask[] = [];
    for (let count = 0; count < 2; count++) {
      for await (const message of mailbox.receive(stage.context)) {
        if (message.type === "ask") taken.push(message);
        break;
      }
    }
    await turn();
    expect(taken.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    expect(taken.map((message) => message.reply(message.payload * 10))).toEqual([true, true]);
    expect(await Promise.all(calls)).toEqual([10, 20]);
  });

  it("that are deferred are told when the life ends, all of them", async () => {
    const { mailbox, lost } = mailboxOf(0);
    await using stage = new Stage(mailbox);
    const calls = [1, 2, 3].map((value) => mailbox.call("ask", value));
    const inbox = mailbox.receive(stage.context);
    const taken: Ask[] = [];
    for (let count = 0; count < 3; count++) taken.push((await inbox.next()).value as Ask);
    taken[1]!.reply(20);
    const signals = taken.map(({ signal }) => signal);
    const boom = new Error("boom");
    stage.puppet.life.crash(boom);
    expect(await rejectionOf(calls[0])).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
    expect(await calls[1]).toBe(20);
    expect(await rejectionOf(calls[2])).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
    expect([signals[0]!.aborted, signals[2]!.aborted]).toEqual([true, true]);
    expect(new Set(lost.map(({ payload }) => payload))).toEqual(new Set([1, 3]));
  });

  it("ignores a message type that the receiver forgot, until the life ends", async () => {
    const mailbox = new Mailbox<Desk>();
    await using root = new Supervisor("root");
    root.start();
    const child = root.spawn(
      task("desk", async ({ signal }) => {
        for await (const message of mailbox.receive({ signal })) {
          if (message.type === "note") return;
        }
      }),
    );
    const asked = mailbox.call("ask", 1);
    expect(await stateOf(asked)).toBe("pending");
    mailbox.cast("note", 2);
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
    expect(await child.done).toBeUndefined();
  });
});

describe("Mailbox.call: a caller that gives up (M6)", () => {
  it("while it is queued is never delivered, and its room is free at once", async () => {
    const { mailbox } = mailboxOf(0, { capacity: 2 });
    const controller = new AbortController();
    const { signal } = controller;
    const asked = mailbox.call("ask", 1, { signal });
    mailbox.cast("note", 2);
    const waiting = mailbox.cast("note", 3);
    await turn();
    controller.abort();
    expect(mailbox.length).toBe(2);
    expect(await rejectionOf(asked)).toBe(signal.reason);
    expect(await waiting).toBeUndefined();
    expect(await drain(mailbox)).toEqual([2, 3]);
  });

  it("frees its room synchronously, also in the turn in which it called", () => {
    const { mailbox } = mailboxOf(0, { capacity: 1 });
    const controller = new AbortController();
    mailbox.call("ask", 1, { signal: controller.signal }).catch(() => {});
    expect(mailbox.tryCast("note", 2)).toBe(false);
    controller.abort();
    expect(mailbox.tryCast("note", 2)).toBe(true);
    expect(mailbox.tryCast("note", 3)).toBe(false);
    expect(mailbox.length).toBe(1);
  });

  it("is counted out of `length` synchronously", () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const { signal } = controller;
    for (let value = 0; value < 20; value++) void mailbox.call("ask", value, { signal });
    mailbox.cast("note", 20);
    expect(mailbox.length).toBe(21);
    controller.abort();
    expect(mailbox.length).toBe(1);
  });

  it("by a timeout names the actor, whose receiver is busy", async () => {
    vi.useFakeTimers();
    try {
      const mailbox = new Mailbox<Desk>();
      await using stage = new Stage(mailbox);
      const inbox = mailbox.receive(stage.context);
      const asked = mailbox.call("ask", 1, { timeout: 50 });
      await inbox.next();
      vi.advanceTimersByTime(50);
      const { message } = await rejectionOf(asked);
      expect(message).toBe('Cannot finish "ask" of "desk": timed out after 50 ms');
    } finally {
      vi.useRealTimers();
    }
  });

  it("by a timeout is withdrawn, also when the clock is moved right after the call", async () => {
    vi.useFakeTimers();
    try {
      const mailbox = new Mailbox<Desk>();
      const asked = mailbox.call("ask", 1, { timeout: 50 });
      vi.advanceTimersByTime(50);
      expect(mailbox.length).toBe(0);
      const error = await rejectionOf(asked);
      expect(error.name).toBe("TimeoutError");
      expect(error.message).toBe('Cannot finish "ask": timed out after 50 ms, and nobody receives');
      expect(await drain(mailbox)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("has one timeout for the wait for room and for the reply", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const asked = mailbox.call("ask", 2, { timeout: 100 });
      vi.advanceTimersByTime(60);
      const inbox = mailbox.receive();
      await inbox.next();
      const message = (await inbox.next()).value!;
      vi.advanceTimersByTime(39);
      expect(message.signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(message.signal.aborted).toBe(true);
      expect(message.signal.reason).toBe(await rejectionOf(asked));
    } finally {
      vi.useRealTimers();
    }
  });

  it("rejects at once when the signal is aborted already, and sends nothing", async () => {
    const mailbox = new Mailbox<Desk>();
    const signal = AbortSignal.abort(new Error("before"));
    for (const sender of ["call", "tryCall"] as const) {
      expect(await rejectionOf(mailbox[sender]("ask", 1, { signal }))).toBe(signal.reason);
    }
    expect(mailbox.length).toBe(0);
  });

  it("tells the one who has taken it, with the reason, and drops a late reply", async () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const reason = new Error("enough");
    const asked = mailbox.call("ask", 1, { signal: controller.signal });
    const message = await takeCall(mailbox);
    const { signal } = message;
    expect(signal.aborted).toBe(false);
    controller.abort(reason);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(reason);
    expect(message.reply(1)).toBe(false);
    expect(message.fail(new Error("late"))).toBe(false);
    expect(await rejectionOf(asked)).toBe(reason);
  });

  it("tells with the reason, also when the signal is first looked at afterwards", async () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const asked = mailbox.call("ask", 1, { signal: controller.signal });
    const message = await takeCall(mailbox);
    await turn();
    controller.abort(new Error("enough"));
    expect(message.signal.aborted).toBe(true);
    expect(message.signal.reason).toBe(controller.signal.reason);
    expect(await rejectionOf(asked)).toBe(controller.signal.reason);
  });

  it("while its handler runs is told, also in the very turn in which it called", async () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const seen: unknown[] = [];
    void mailbox.serve(
      {},
      {
        note: () => {},
        ask: (_, { signal }) => {
          seen.push(signal.aborted);
          controller.abort();
          seen.push(signal.aborted);
          return 1;
        },
      },
    );
    const asked = mailbox.call("ask", 1, { signal: controller.signal });
    expect(await rejectionOf(asked)).toBe(controller.signal.reason);
    expect(seen).toEqual([false, true]);
  });

  it("gets no reply once its signal is aborted, though nobody has looked at it", async () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const answers: boolean[] = [];
    const inbox = mailbox.receive();
    const next = inbox.next();
    const asked = mailbox.call("ask", 1, { signal: controller.signal });
    const replied = next.then(({ value }) => {
      controller.abort();
      if (value!.type === "ask") answers.push(value!.reply(1));
    });
    await replied;
    expect(answers).toEqual([false]);
    expect(await rejectionOf(asked)).toBe(controller.signal.reason);
  });

  it("gets no reply of a handler that aborted its signal without looking", async () => {
    const mailbox = new Mailbox<Desk>();
    const callers = [new AbortController(), new AbortController()];
    const ask = (value: number) => {
      callers[value]!.abort();
      if (value === 0) return value;
      throw new Error("too late to matter");
    };
    void mailbox.serve({}, { note: () => {}, ask }, { isFatal: () => false });
    for (const [value, { signal }] of callers.entries()) {
      expect(await rejectionOf(mailbox.call("ask", value, { signal }))).toBe(signal.reason);
    }
  });

  it("gives up alone: other calls with the same signal, answered before, stay answered", async () => {
    const mailbox = new Mailbox<Desk>();
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [1, 2, 3].map((value) => mailbox.call("ask", value, { signal }));
    (await takeCall(mailbox)).reply(10);
    controller.abort();
    expect(await calls[0]).toBe(10);
    expect(await rejectionOf(calls[1])).toBe(signal.reason);
    expect(await rejectionOf(calls[2])).toBe(signal.reason);
    expect(mailbox.length).toBe(0);
  });
});

describe("Mailbox: promises that are ignored", () => {
  it("never surface as unhandled rejections, whatever they reject with", async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", onUnhandled);
    try {
      const aborted = { signal: AbortSignal.abort(new Error("aborted")) };
      const closed = new Mailbox<Desk>();
      closed.close();
      void closed.cast("note", 1);
      void closed.call("ask", 1);
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      void mailbox.cast("note", 1, aborted);
      void mailbox.call("ask", 1, aborted);
      void mailbox.tryCall("ask", 1);
      const controller = new AbortController();
      void mailbox.cast("note", 1, controller);
      void mailbox.call("ask", 1, controller);
      void mailbox.cast("note", 1, { timeout: 1 });
      void mailbox.call("ask", 1, { timeout: 1 });
      await turn();
      controller.abort(new Error("aborted later"));
      void mailbox.call("ask", 1);
      mailbox.close();

      const served = new Mailbox<Desk>();
      const handlers = { note: () => {}, ask: () => Promise.reject(new Error("failed")) };
      void served.serve({}, handlers, { isFatal: () => false });
      void served.call("ask", 1);
      void served.call("unknown" as "ask", 1);
      void served.cast("unknown" as "note", 1);

      const stopped = new Mailbox<Desk>({ capacity: 1 });
      const stage = new Stage(stopped);
      void stopped.call("ask", 1);
      await takeFrom(stopped, stage.context.signal);
      void stopped.call("ask", 2);
      void stopped.call("ask", 3);
      void stopped.cast("note", 4);
      stage.puppet.life.crash();
      await stage.root.stop();
      void stopped.call("ask", 5);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await turn();
    } finally {
      process.off("unhandledRejection", onUnhandled);
    }
    expect(unhandled).toEqual([]);
  });
});
