import { MailboxClosedError, ActorStoppedError, Mailbox } from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import { type Desk, drain, mailboxOf, rejectionOf, Stage, stateOf, turn } from "./scene.ts";

describe("Mailbox.cast (M3)", () => {
  it("returns undefined when the message was accepted at once", () => {
    const mailbox = new Mailbox<Desk>();
    const { signal } = new AbortController();
    expect(mailbox.cast("note", 1)).toBeUndefined();
    expect(mailbox.cast("note", 1, {})).toBeUndefined();
    expect(mailbox.cast("note", 1, { signal, timeout: 5 })).toBeUndefined();
    expect(mailbox.length).toBe(3);
  });

  it("returns a promise of undefined when it has to wait for room", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    const sent = mailbox.cast("note", 2);
    expect(sent).toBeInstanceOf(Promise);
    expect(await stateOf(sent)).toBe("pending");
    expect(await drain(mailbox)).toEqual([1, 2]);
    expect(await sent).toBeUndefined();
  });

  it("rejects when the mailbox is closed, or its actor stopped for good", async () => {
    const { mailbox } = mailboxOf(0);
    const stage = new Stage(mailbox);
    await stage.root.stop();
    const stopped = await rejectionOf(mailbox.cast("note", 1));
    expect(stopped).toBeInstanceOf(ActorStoppedError);
    expect(stopped.message).toBe(
      'Cannot cast "note": the mailbox belongs to "desk", which is stopped',
    );
    mailbox.close();
    const closed = await rejectionOf(mailbox.cast("note", 1));
    expect(closed).toBeInstanceOf(MailboxClosedError);
    expect(closed.message).toBe('Cannot cast "note": the mailbox is closed');
  });

  it("rejects at once when its signal is aborted, and never delivers", async () => {
    const mailbox = new Mailbox<Desk>();
    const reason = new Error("no more");
    expect(await rejectionOf(mailbox.cast("note", 1, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(mailbox.length).toBe(0);
  });

  it("delivers what was accepted, whatever its signal and timeout do later", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const controller = new AbortController();
      const { signal } = controller;
      const waited = mailbox.cast("note", 2, { signal, timeout: 10 });
      const early: number[] = [];
      const inbox = mailbox.receive();
      early.push((await inbox.next()).value!.payload);
      await waited;
      controller.abort();
      vi.advanceTimersByTime(1_000);
      early.push((await inbox.next()).value!.payload);
      expect(early).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("Mailbox.cast, withdrawn (M5)", () => {
  it.each([new Error("enough"), "a string", null, 0])(
    "rejects with the signal's reason %s, and is never delivered",
    async (reason) => {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const controller = new AbortController();
      const sent = mailbox.cast("note", 2, { signal: controller.signal });
      await turn();
      controller.abort(reason);
      expect(await rejectionOf(sent)).toBe(reason);
      expect(await drain(mailbox)).toEqual([1]);
    },
  );

  it("is never delivered when its signal aborts in the same turn", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    const controller = new AbortController();
    const sent = mailbox.cast("note", 2, { signal: controller.signal });
    controller.abort();
    expect(await drain(mailbox)).toEqual([1]);
    expect((await rejectionOf(sent)).name).toBe("AbortError");
  });

  it("is never delivered when its signal aborts just as room comes", async () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    const controller = new AbortController();
    const inbox = mailbox.receive();
    const sent = mailbox.cast("note", 2, { signal: controller.signal });
    controller.abort();
    expect((await inbox.next()).value!.payload).toBe(1);
    expect(mailbox.length).toBe(0);
    expect(await stateOf(sent)).toBe("rejected");
  });

  it("rejects with a TimeoutError that names the message and the time, and is never delivered", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const sent = mailbox.cast("note", 2, { timeout: 250 });
      vi.advanceTimersByTime(249);
      expect(await stateOf(sent)).toBe("pending");
      vi.advanceTimersByTime(1);
      const error = await rejectionOf(sent);
      expect(error).toBeInstanceOf(DOMException);
      expect(error.name).toBe("TimeoutError");
      expect(error.message).toBe(
        'Cannot finish "note": timed out after 250 ms, and nobody receives',
      );
      expect(await drain(mailbox)).toEqual([1]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("rejects with whichever of signal and timeout comes first", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const controller = new AbortController();
      const { signal } = controller;
      const first = mailbox.cast("note", 2, { signal, timeout: 10 });
      const second = mailbox.cast("note", 3, { signal, timeout: 1_000 });
      vi.advanceTimersByTime(10);
      controller.abort(new Error("enough"));
      expect((await rejectionOf(first)).name).toBe("TimeoutError");
      expect((await rejectionOf(second)).message).toBe("enough");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits for ever with a timeout of Infinity, and as good as not at all with 0", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(1, { capacity: 1 });
      const patient = mailbox.cast("note", 2, { timeout: Infinity });
      const hasty = mailbox.cast("note", 3, { timeout: 0 });
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      expect((await rejectionOf(hasty)).name).toBe("TimeoutError");
      vi.advanceTimersByTime(2 ** 31);
      expect(await stateOf(patient)).toBe("pending");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("Mailbox.tryCast (M4)", () => {
  it("returns true when it was accepted, and false when the mailbox is full", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 1 });
    expect(mailbox.tryCast("note", 1)).toBe(true);
    expect(mailbox.tryCast("note", 2)).toBe(false);
    expect(await drain(mailbox)).toEqual([1]);
    expect(mailbox.tryCast("note", 3)).toBe(true);
  });

  it("throws MailboxClosedError on a closed mailbox, full or not", () => {
    const { mailbox } = mailboxOf(1, { capacity: 1 });
    void mailbox.receive().next();
    mailbox.close();
    const send = () => mailbox.tryCast("note", 2);
    expect(send).toThrow(MailboxClosedError);
    expect(send).toThrow('Cannot cast "note": the mailbox is closed');
  });

  it("throws ActorStoppedError when the actor is stopped for good", async () => {
    const mailbox = new Mailbox<Desk>();
    const stage = new Stage(mailbox);
    await stage.root.stop();
    expect(() => mailbox.tryCast("note", 2)).toThrow(ActorStoppedError);
  });

  it("throws the signal's reason when it is aborted", () => {
    const mailbox = new Mailbox<Desk>();
    const reason = new Error("no more");
    const send = () => mailbox.tryCast("note", 1, { signal: AbortSignal.abort(reason) });
    expect(send).toThrow(reason);
    expect(mailbox.length).toBe(0);
  });
});

describe("Mailbox: senders' options", () => {
  const senders = ["cast", "tryCast", "call", "tryCall"] as const;

  describe.each(senders)("%s", (sender) => {
    const send = (type: unknown, options?: unknown, capacity = 10): void => {
      const { mailbox } = mailboxOf(1, { capacity });
      const method = mailbox[sender] as (
        type: unknown,
        payload: number,
        options: unknown,
      ) => unknown;
      method.call(mailbox, type, 2, options);
    };

    it.each([undefined, null, 7, {}, Symbol("note")])("refuses the type %s", (type) => {
      expect(() => send(type)).toThrow(TypeError);
      expect(() => send(type)).toThrow(/^Cannot (cast|call): `type` must be a string, got /);
      expect(() => send(type)).toThrow(String(type));
    });

    it.each([
      [-1, RangeError],
      [Number.NaN, RangeError],
      [2 ** 31, RangeError],
      ["5", TypeError],
      [null, TypeError],
    ])("refuses the timeout %s, with room and without", (timeout, kind) => {
      for (const capacity of [10, 1]) {
        if (capacity === 1 && sender.startsWith("try")) continue;
        expect(() => send("note", { timeout }, capacity)).toThrow(kind);
        expect(() => send("note", { timeout }, capacity)).toThrow(
          /^Cannot (cast|call) "note": `timeout` must be a number from 0 to 2147483647, got /,
        );
      }
    });

    it.each([
      ["an AbortController", new AbortController()],
      ["null", null],
      ["a string", "signal"],
      ["an object", {}],
    ])("refuses %s in place of a signal, with room and without", (_, signal) => {
      for (const capacity of [10, 1]) {
        if (capacity === 1 && sender.startsWith("try")) continue;
        expect(() => send("note", { signal }, capacity)).toThrow(TypeError);
        expect(() => send("note", { signal }, capacity)).toThrow(
          /^Cannot (cast|call) "note": `signal` must be an AbortSignal, got /,
        );
      }
    });

    it("accepts nothing that it refuses", () => {
      const { mailbox } = mailboxOf(0);
      const options = { timeout: -1 };
      expect(() => {
        if (sender === "cast") void mailbox.cast("note", 1, options);
        else if (sender === "tryCast") mailbox.tryCast("note", 1, options);
        else void mailbox[sender]("ask", 1, options);
      }).toThrow(RangeError);
      expect(mailbox.length).toBe(0);
    });
  });
});
