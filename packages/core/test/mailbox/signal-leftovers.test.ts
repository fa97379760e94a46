import { getEventListeners } from "node:events";
import { type Actor, type ActorContext, Mailbox, Supervisor } from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import { type Desk, turn } from "./scene.ts";

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("Mailbox: what a receiver leaves on a signal that lives on (M15)", () => {
  it("is nothing of a life that crashed with a cast in hand, nor of one that ended so", async () => {
    const { signal } = new AbortController();
    const lives: WeakRef<ActorContext>[] = [];
    const mailbox = new Mailbox<Desk>();
    const desk: Actor = {
      name: "desk",
      mailbox,
      async run(context) {
        lives.push(new WeakRef(context));
        for await (const _ of mailbox.receive({ signal })) {
          if (lives.length % 2 === 0) return;
          throw new Error("boom");
        }
      },
    };
    const options = { actors: [desk], policy: "permanent", restartDelay: 0 } as const;
    await using root = new Supervisor("root", {
      ...options,
      // Until its stack is read, an error holds on to what was on it.
      onError: (_, error) => error.stack,
    });
    root.start();
    for (let ends = 1; ends <= 6; ends++) {
      mailbox.cast("note", ends);
      await vi.waitUntil(() => lives.length > ends);
    }
    expect(listenersOf(signal)).toBe(1);
  });

  it("is at most what is in hand now, where several receive on it", async () => {
    const { signal } = new AbortController();
    const mailbox = new Mailbox<Desk>();
    for (let round = 0; round < 5; round++) {
      const inboxes = [1, 2, 3].map(() => mailbox.receive({ signal }));
      for (const inbox of inboxes) {
        mailbox.cast("note", round);
        await inbox.next();
      }
      for (const inbox of inboxes) await inbox.return!();
      expect(listenersOf(signal)).toBeLessThanOrEqual(3);
    }
    await turn();
  });
});
