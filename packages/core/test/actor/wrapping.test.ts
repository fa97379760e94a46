import { getEventListeners } from "node:events";
import { type Actor, actor, type ActorContext, Mailbox, Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";

describe("an actor inside another one", () => {
  it("ends for the one around it, which goes on with what comes after", async () => {
    const events: string[] = [];
    const inner = actor("inner", () => ({ note: () => {} }));
    const outer: Actor = {
      name: "outer",
      async run(context: ActorContext) {
        try {
          await inner.run(context);
        } finally {
          events.push("after");
        }
      },
    };
    const root = new Supervisor("root", { actors: [outer] });
    root.start();
    await root.stop();
    expect(events).toEqual(["after"]);
  });

  it("leaves the others running when one of several ends", async () => {
    const first = actor("first", () => ({ note: () => {} }));
    const second = actor("second", () => ({ ask: () => "here" }));
    const both: Actor = {
      name: "both",
      async run(context: ActorContext) {
        await Promise.all([first.run(context), second.run(context)]);
      },
    };
    await using root = new Supervisor("root", { actors: [both] });
    root.start();
    first.mailbox.close();
    expect(await second.call("ask")).toBe("here");
    expect(root.children[0]!.status).not.toBe("stopped");
  });
});

describe("Mailbox.receive, broken off again and again", () => {
  it("leaves no listener but the last one's on a signal that lives on", async () => {
    const mailbox = new Mailbox<{ note(value: number): void }>();
    const { signal } = new AbortController();
    for (let value = 0; value < 20; value++) {
      mailbox.cast("note", value);
      for await (const message of mailbox.receive({ signal })) {
        expect(message.payload).toBe(value);
        break;
      }
    }
    expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
  });

  it("lets go of a mailbox that was closed and is empty", async () => {
    const lost: unknown[] = [];
    const passing = new Mailbox<{ note(): void }>({
      onUndelivered: (message) => lost.push(message),
    });
    const received = Promise.withResolvers<void>();
    const root = new Supervisor("root");
    root.start();
    root.spawn({
      name: "reader",
      async run(context: ActorContext) {
        passing.cast("note");
        for await (const _ of passing.receive(context)) break;
        passing.close();
        received.resolve();
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      },
    });
    await received.promise;
    await root.stop();
    expect(lost).toEqual([]);
  });
});
