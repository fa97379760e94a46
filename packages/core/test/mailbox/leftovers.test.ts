import { getEventListeners } from "node:events";
import { type Actor, actor, type ActorContext, Mailbox, Supervisor } from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, takeFrom, turn } from "./scene.ts";

const { gc } = globalThis as { gc?: () => void };

interface Falling extends Actor {
  readonly mailbox: Mailbox<{ fall(): void }>;
}

function fall(): void {
  throw new Error("boom");
}

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

describe("Mailbox: what a settled send leaves behind (M15)", () => {
  it("is no listener and no timer, right after the last send has settled, however it did", async () => {
    vi.useFakeTimers();
    try {
      const { signal } = new AbortController();
      const options = { signal, timeout: 1_000 };
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const sends = [
        mailbox.cast("note", 2, options)!,
        mailbox.call("ask", 3, options),
        mailbox.call("ask", 4, options),
        mailbox.call("ask", 5, { ...options, timeout: 10 }),
        mailbox.call("ask", 6, options),
      ];
      await turn();
      expect(listenersOf(signal)).toBe(1);
      expect(vi.getTimerCount()).toBe(5);
      vi.advanceTimersByTime(10);
      expect(vi.getTimerCount()).toBe(4);
      const inbox = mailbox.receive();
      await inbox.next();
      await inbox.next();
      const replied = (await inbox.next()).value!;
      if (replied.type === "ask") replied.reply(1);
      (await inbox.next()).value!.fail(new Error("failed"));
      expect(vi.getTimerCount()).toBe(1);
      expect(listenersOf(signal)).toBe(1);
      await inbox.next();
      await inbox.return!();
      expect(vi.getTimerCount()).toBe(0);
      expect(listenersOf(signal)).toBe(0);
      await Promise.allSettled(sends);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is nothing after a send that settled in the turn in which it was made", async () => {
    const { signal } = new AbortController();
    const mailbox = new Mailbox<Desk>();
    void mailbox.serve({}, { note: () => {}, ask: (value) => value });
    for (let call = 0; call < 100; call++) await mailbox.call("ask", call, { signal });
    expect(listenersOf(signal)).toBe(0);
    await turn();
    expect(listenersOf(signal)).toBe(0);
  });

  it("is nothing after close(), after a stop for good, and after a crash", async () => {
    const { signal } = new AbortController();
    const closed = new Mailbox<Desk>({ capacity: 1 });
    const calls = [1, 2].map((value) => closed.call("ask", value, { signal, timeout: 100_000 }));
    await turn();
    closed.close();
    const stopped = new Mailbox<Desk>({ capacity: 1 });
    const stage = new Stage(stopped);
    calls.push(
      ...[1, 2, 3].map((value) => stopped.call("ask", value, { signal, timeout: 100_000 })),
    );
    await takeFrom(stopped, stage.context.signal);
    await turn();
    expect(listenersOf(signal)).toBe(1);
    stage.puppet.life.crash();
    await stage.ended();
    await stage.root.stop();
    for (const call of calls) await rejectionOf(call);
    expect(listenersOf(signal)).toBe(0);
    expect(
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    ).toBeLessThan(5);
  });

  it("is one listener at most while many sends wait, and no warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const controller = new AbortController();
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    for (let value = 0; value < 50; value++) void mailbox.call("ask", value, controller);
    await turn();
    expect(listenersOf(controller.signal)).toBe(1);
    controller.abort();
    expect(listenersOf(controller.signal)).toBe(0);
    await turn();
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it("is no listener of a receiver that has ended with its calls answered", async () => {
    const { signal } = new AbortController();
    const mailbox = new Mailbox<Desk>();
    for (let value = 0; value < 3; value++) {
      const asked = mailbox.call("ask", value);
      for await (const message of mailbox.receive({ signal })) {
        if (message.type === "ask") message.reply(1);
        break;
      }
      expect(await asked).toBe(1);
    }
    void mailbox.serve({ signal }, { note: () => {}, ask: () => 0 });
    expect(listenersOf(signal)).toBe(1);
    mailbox.close();
    await turn();
    expect(listenersOf(signal)).toBe(0);
  });

  it("is neither the state of an actor that was stopped, nor its life, nor what its messages carried", async () => {
    const refs: WeakRef<object>[] = [];
    const keeper = actor("keeper", (context) => {
      const state = { payloads: new Set<object>() };
      refs.push(new WeakRef(context), new WeakRef(state));
      return {
        keep(payload: object) {
          refs.push(new WeakRef(payload));
          state.payloads.add(payload);
        },
        count: () => state.payloads.size,
      };
    });
    const root = new Supervisor("root", { actors: [keeper] });
    root.start();
    keeper.cast("keep", { large: true });
    expect(await keeper.call("count")).toBe(1);
    await root.stop();
    for (let round = 0; round < 10 && refs.some((ref) => ref.deref() !== undefined); round++) {
      await turn();
      gc!();
    }
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
    expect(root.children).toHaveLength(1);
  });

  describe.each<[string, (refer: (context: ActorContext) => void) => Falling]>([
    ["setup", (refer) => actor("setup", (context) => (refer(context), { fall }))],
    [
      "asynchronous setup",
      (refer) => actor("setup", async (context) => (await turn(), refer(context), { fall })),
    ],
    [
      "actor around another one",
      (refer) => {
        const inner = actor("inner", () => ({ fall }));
        return {
          name: "outer",
          mailbox: inner.mailbox,
          async run(context) {
            refer(context);
            await inner.run(context);
          },
        };
      },
    ],
    [
      "loop over its mailbox",
      (refer) => {
        const mailbox = new Mailbox<{ fall(): void }>();
        return {
          name: "loop",
          mailbox,
          async run(context) {
            refer(context);
            for await (const _ of mailbox.receive(context)) fall();
          },
        };
      },
    ],
    [
      "mailbox that serves",
      (refer) => {
        const mailbox = new Mailbox<{ fall(): void }>();
        return {
          name: "serving",
          mailbox,
          run(context) {
            refer(context);
            return mailbox.serve(context, { fall });
          },
        };
      },
    ],
  ])("%s", (_, create) => {
    it("is gone with each life that has crashed", async () => {
      const lives: WeakRef<ActorContext>[] = [];
      const falling = create((context) => lives.push(new WeakRef(context)));
      await using root = new Supervisor("root", {
        actors: [falling],
        restartDelay: 0,
        // Until its stack is read, an error holds on to what was on it.
        onError: (_, error) => error.stack,
      });
      root.start();
      for (let crashes = 1; crashes <= 5; crashes++) {
        falling.mailbox.cast("fall");
        await vi.waitUntil(() => lives.length > crashes);
      }
      const left = () => lives.slice(0, -1).filter((life) => life.deref() !== undefined).length;
      for (let round = 0; round < 10 && left() > 0; round++) {
        await turn();
        gc!();
      }
      expect(left()).toBe(0);
    });
  });
});
