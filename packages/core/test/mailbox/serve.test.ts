import { ActorStoppedError, type HandlerContext, Mailbox } from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import { type Desk, type Lost, mailboxOf, rejectionOf, Stage, stateOf, turn } from "./scene.ts";

interface Odd extends Desk {
  missing(): void;
}

describe("Mailbox.serve", () => {
  it("calls the handler of a message's type with its payload; what it returns is the reply", async () => {
    const mailbox = new Mailbox<Desk>();
    const noted: number[] = [];
    void mailbox.serve({}, { note: (value) => void noted.push(value), ask: (value) => value + 1 });
    mailbox.cast("note", 1);
    expect(await mailbox.call("ask", 41)).toBe(42);
    expect(await mailbox.call("note", 2)).toBeUndefined();
    expect(noted).toEqual([1, 2]);
  });

  it("awaits a handler that is async, one at a time", async () => {
    const mailbox = new Mailbox<Desk>();
    const story: string[] = [];
    void mailbox.serve(
      {},
      {
        note: async (value) => {
          story.push(`begin ${value}`);
          await turn();
          story.push(`end ${value}`);
        },
        ask: async (value) => {
          story.push(`ask ${value}`);
          await turn();
          return value;
        },
      },
    );
    mailbox.cast("note", 1);
    mailbox.cast("note", 2);
    expect(await mailbox.call("ask", 3)).toBe(3);
    expect(story).toEqual(["begin 1", "end 1", "begin 2", "end 2", "ask 3"]);
  });

  it("awaits whatever is thenable", async () => {
    const mailbox = new Mailbox<Desk>();
    const later: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
      then: (resolve) => Promise.resolve(7).then(resolve),
    };
    void mailbox.serve({}, { note: () => {}, ask: () => later });
    expect(await mailbox.call("ask", 1)).toBe(7);
  });

  // A machine that is busy elsewhere may use up the turn of the event loop in between.
  it(
    "awaits nothing that is no promise: what is queued is handled at one go",
    { retry: 3 },
    async () => {
      const { mailbox } = mailboxOf(5);
      await turn();
      const noted: number[] = [];
      void mailbox.serve({}, { note: (value) => void noted.push(value), ask: () => 1 });
      await Promise.resolve();
      expect(noted).toEqual([1, 2, 3, 4, 5]);
    },
  );

  it("calls handlers as methods of their object", async () => {
    const mailbox = new Mailbox<Desk>();
    const handlers = {
      sum: 0,
      note(value: number) {
        this.sum += value;
      },
      ask() {
        return this.sum;
      },
    };
    void mailbox.serve({}, handlers);
    mailbox.cast("note", 2);
    mailbox.cast("note", 3);
    expect(await mailbox.call("ask", 0)).toBe(5);
  });

  it("gives handlers a signal that aborts when the caller gives up", async () => {
    const mailbox = new Mailbox<Desk>();
    const contexts: HandlerContext[] = [];
    const gate = Promise.withResolvers<number>();
    void mailbox.serve(
      {},
      {
        note: () => {},
        ask: (_, context) => {
          contexts.push(context);
          return gate.promise;
        },
      },
    );
    const caller = new AbortController();
    const asked = mailbox.call("ask", 1, caller);
    await turn();
    const [{ signal }] = contexts as [HandlerContext];
    expect(signal.aborted).toBe(false);
    caller.abort(new Error("enough"));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(caller.signal.reason);
    expect(await rejectionOf(asked)).toBe(caller.signal.reason);
    gate.resolve(1);
    const next = mailbox.call("ask", 2);
    expect(await next).toBe(1);
    expect(contexts[1]!.signal.aborted).toBe(false);
  });

  it.each(["note", "ask"] as const)(
    "gives the handler of %s a signal that aborts when the life must end, and lets it finish",
    async (type) => {
      const mailbox = new Mailbox<Desk>();
      const stop = new AbortController();
      const gate = Promise.withResolvers<number>();
      const signals: AbortSignal[] = [];
      const handler = (_: number, { signal }: HandlerContext) => {
        signals.push(signal);
        return gate.promise;
      };
      const serving = mailbox.serve(stop, { note: handler, ask: handler });
      const asked = mailbox.call(type, 1);
      mailbox.cast("note", 2);
      await turn();
      expect(signals[0]!.aborted).toBe(false);
      stop.abort(new Error("the end"));
      expect(signals[0]!.aborted).toBe(true);
      expect(signals[0]!.reason).toBe(stop.signal.reason);
      expect(await stateOf(serving)).toBe("pending");
      gate.resolve(9);
      expect(await asked).toBe(9);
      await serving;
      expect(signals).toHaveLength(1);
      expect(mailbox.length).toBe(1);
    },
  );

  it("resolves when its signal aborts while it is idle, or was aborted before", async () => {
    const mailbox = new Mailbox<Desk>();
    const stop = new AbortController();
    const handlers = { note: () => {}, ask: () => 1 };
    const serving = mailbox.serve(stop, handlers);
    expect(await stateOf(serving)).toBe("pending");
    stop.abort();
    expect(await serving).toBeUndefined();
    mailbox.cast("note", 1);
    expect(await mailbox.serve(stop, handlers)).toBeUndefined();
    expect(mailbox.length).toBe(1);
  });

  it.each([undefined, null, 5, "handlers"])("refuses %s in place of handlers", (handlers) => {
    const mailbox = new Mailbox<Desk>();
    expect(() => void mailbox.serve({}, handlers as never)).toThrow(TypeError);
    expect(() => void mailbox.serve({}, handlers as never)).toThrow(
      /^Cannot serve: `handlers` must be an object, got /,
    );
  });

  it("refuses an `isFatal` that is no function", () => {
    const mailbox = new Mailbox<Desk>();
    const serve = () =>
      void mailbox.serve({}, { note: () => {}, ask: () => 1 }, { isFatal: true as never });
    expect(serve).toThrow(TypeError);
    expect(serve).toThrow("Cannot serve: `isFatal` must be a function, got true");
  });
});

describe("Mailbox.serve: handlers that fail", () => {
  it.each(["sync", "async"])(
    "crashes with the error of a %s handler; the rest stays queued",
    async (kind) => {
      const { mailbox, lost } = mailboxOf(3);
      const boom = new Error("boom");
      const handled: number[] = [];
      const note = (value: number): void => {
        handled.push(value);
        if (value === 2) throw boom;
      };
      const serving = mailbox.serve(
        {},
        { note: kind === "sync" ? note : async (value) => note(value), ask: () => 1 },
      );
      expect(await rejectionOf(serving)).toBe(boom);
      expect(handled).toEqual([1, 2]);
      expect(mailbox.length).toBe(1);
      expect(lost).toMatchObject([
        { kind: "cast", type: "note", payload: 2, reason: { code: "ACTOR_CRASHED", cause: boom } },
      ]);
    },
  );

  it.each(["a string", undefined, null, 7, { not: "an error" }])(
    "makes an Error with a stack of a thrown %s, the original as its cause",
    async (thrown) => {
      const mailbox = new Mailbox<Desk>();
      const serving = mailbox.serve(
        {},
        {
          note: () => {},
          ask: () => {
            throw thrown;
          },
        },
      );
      const asked = mailbox.call("ask", 1);
      const error = await rejectionOf(serving);
      expect(error).toBeInstanceOf(Error);
      expect(error.cause).toBe(thrown);
      expect(error.message).toContain('"ask"');
      expect(await rejectionOf(asked)).toBe(error);
    },
  );

  it("makes an Error even of what cannot be looked at", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = {
      get [Symbol.toStringTag](): string {
        throw new Error("look away");
      },
    };
    for (const thrown of [proxy, hostile]) {
      const mailbox = new Mailbox<Desk>();
      const serving = mailbox.serve({}, { note: () => {}, ask: () => Promise.reject(thrown) });
      const asked = mailbox.call("ask", 1);
      const error = await rejectionOf(serving);
      expect(error.message).toBe('Handler "ask" failed: what was thrown cannot be looked at');
      expect(error.cause === thrown).toBe(true);
      expect(await rejectionOf(asked)).toBe(error);
    }
  });

  it("only replies an error for which `isFatal` returns false", async () => {
    const { mailbox, lost } = mailboxOf(0);
    const mild = new TypeError("mild");
    const seen: Error[] = [];
    const serving = mailbox.serve(
      {},
      {
        note: () => {
          throw mild;
        },
        ask: (value) => (value < 0 ? Promise.reject(mild) : value),
      },
      {
        isFatal: (error) => {
          seen.push(error);
          return !(error instanceof TypeError);
        },
      },
    );
    expect(await rejectionOf(mailbox.call("ask", -1))).toBe(mild);
    expect(await rejectionOf(mailbox.call("note", 1))).toBe(mild);
    mailbox.cast("note", 2);
    expect(await mailbox.call("ask", 3)).toBe(3);
    expect(seen).toEqual([mild, mild, mild]);
    expect(lost).toEqual([]);
    expect(await stateOf(serving)).toBe("pending");
  });

  it.each<[string, () => unknown]>([
    ["returns nothing", () => undefined],
    ["returns 0", () => 0],
    [
      "throws",
      () => {
        throw new Error("isFatal failed");
      },
    ],
  ])("crashes when `isFatal` %s", async (_, isFatal) => {
    const mailbox = new Mailbox<Desk>();
    const boom = new Error("boom");
    const serving = mailbox.serve(
      {},
      { note: () => {}, ask: () => Promise.reject(boom) },
      { isFatal: isFatal as () => boolean },
    );
    expect(await rejectionOf(mailbox.call("ask", 1))).toBe(boom);
    expect(await rejectionOf(serving)).toBe(boom);
  });

  it("lives on when a handler throws AbortError because its caller gave up", async () => {
    const mailbox = new Mailbox<Desk>();
    const heed = (_: number, { signal }: HandlerContext) =>
      new Promise<number>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const wrap = (value: number, context: HandlerContext) =>
      heed(value, context).catch(() => {
        throw new DOMException("This operation was aborted", "AbortError");
      });
    const later = async (_: number, context: HandlerContext) => {
      await turn();
      await turn();
      context.signal.throwIfAborted();
      return 1;
    };
    for (const ask of [heed, wrap, later]) {
      const serving = mailbox.serve({}, { note: () => {}, ask });
      for (const reason of [undefined, new Error("enough"), "text"]) {
        const caller = new AbortController();
        const asked = mailbox.call("ask", 1, caller);
        await turn();
        caller.abort(reason);
        expect(await rejectionOf(asked)).toBe(caller.signal.reason);
        const late = mailbox.call("ask", 1, { timeout: 1 });
        expect((await rejectionOf(late)).name).toBe("TimeoutError");
        for (let turns = 0; turns < 3; turns++) await turn();
      }
      expect(await stateOf(serving)).toBe("pending");
      mailbox.close();
      break;
    }
  });

  it("crashes when a handler throws AbortError of its own, and nobody gave up", async () => {
    const mailbox = new Mailbox<Desk>();
    const error = new DOMException("mine", "AbortError");
    const serving = mailbox.serve({}, { note: () => {}, ask: () => Promise.reject(error) });
    const asked = mailbox.call("ask", 1, { signal: new AbortController().signal });
    expect(await rejectionOf(asked)).toBe(error);
    expect(await rejectionOf(serving)).toBe(error);
  });

  it("crashes when a handler fails of something else after its caller gave up", async () => {
    const { mailbox, lost } = mailboxOf(0);
    const gate = Promise.withResolvers<number>();
    const serving = mailbox.serve({}, { note: () => {}, ask: () => gate.promise });
    const caller = new AbortController();
    const asked = mailbox.call("ask", 1, caller);
    await turn();
    caller.abort();
    gate.reject(new Error("boom"));
    expect((await rejectionOf(serving)).message).toBe("boom");
    expect(await rejectionOf(asked)).toBe(caller.signal.reason);
    expect(lost).toMatchObject([{ kind: "call", payload: 1 }]);
  });

  it("tells the caller of a handler that fails after the life was told to end", async () => {
    const { mailbox } = mailboxOf(0);
    const stop = new AbortController();
    const gate = Promise.withResolvers<number>();
    const serving = mailbox.serve(stop, { note: () => {}, ask: () => gate.promise });
    const asked = mailbox.call("ask", 1);
    await turn();
    stop.abort();
    const boom = new Error("boom while stopping");
    gate.reject(boom);
    expect(await rejectionOf(asked)).toBe(boom);
    expect(await rejectionOf(serving)).toBe(boom);
  });

  it("goes on for everybody else when a getter among the handlers throws", async () => {
    const mailbox = new Mailbox<Desk>();
    const boom = new Error("getter");
    const handlers = {
      note: () => {},
      get ask(): () => number {
        throw boom;
      },
    };
    const serving = mailbox.serve({}, handlers);
    const asked = mailbox.call("ask", 1);
    expect(await rejectionOf(asked)).toBe(boom);
    expect(await rejectionOf(serving)).toBe(boom);
    const other = new Mailbox<Desk>();
    void other.serve({}, { note: () => {}, ask: () => 2 });
    expect(await other.call("ask", 1)).toBe(2);
  });

  it("is left alone by a handler that settles after the life was left behind", async () => {
    vi.useFakeTimers();
    try {
      const { mailbox } = mailboxOf(0);
      const stage = new Stage(mailbox, { shutdownTimeout: 100 });
      const gates = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
      let call = 0;
      void mailbox.serve(stage.context, { note: () => {}, ask: () => gates[call++]!.promise });
      const asked = mailbox.call("ask", 1);
      await turn();
      stage.puppet.life.hang();
      const stopped = stage.root.stop();
      vi.advanceTimersByTime(100);
      await stopped;
      expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
      gates[0]!.reject(new Error("late"));
      await turn();
      expect(mailbox.length).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("Mailbox.serve: types without a handler", () => {
  const odd = (lost: Lost[]) =>
    new Mailbox<Odd>({
      onUndelivered: ({ kind, type, payload }, reason) =>
        lost.push({ kind, type, payload: payload as number, reason }),
    });

  it.each(["toString", "constructor", "__proto__", "missing", "value", ""] as const)(
    'answers "%s" with a TypeError, reports it, and lives on',
    async (type) => {
      const lost: Lost[] = [];
      const mailbox = odd(lost);
      const handlers = { note: () => {}, ask: () => 1, value: 5 };
      const serving = mailbox.serve({}, handlers as never);
      const error = await rejectionOf(mailbox.call(type as "missing"));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe(`Cannot handle "${type}": there is no handler of that name`);
      mailbox.cast(type as "missing");
      expect(await mailbox.call("ask", 1)).toBe(1);
      expect(lost).toMatchObject([
        { kind: "call", type, reason: { name: "TypeError" } },
        { kind: "cast", type, reason: { name: "TypeError" } },
      ]);
      expect(await stateOf(serving)).toBe("pending");
    },
  );

  it("handles a type that its object has of its own, whatever its name", async () => {
    const mailbox = new Mailbox<Record<string, () => string>>();
    const names = ["toString", "constructor", "__proto__", "hasOwnProperty", "", "then"];
    const handlers = Object.fromEntries(names.map((name) => [name, () => `own ${name}`]));
    void mailbox.serve({}, handlers);
    for (const name of names) expect(await mailbox.call(name)).toBe(`own ${name}`);
  });

  it("handles messages with handlers that have no prototype", async () => {
    const mailbox = new Mailbox<Desk>();
    const handlers = Object.assign(Object.create(null) as object, { note: () => {}, ask: () => 4 });
    void mailbox.serve({}, handlers);
    expect(await mailbox.call("ask", 1)).toBe(4);
  });
});
