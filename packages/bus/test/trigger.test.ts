import { getEventListeners } from "node:events";
import { ActorStoppedError } from "@sup/core";
import { computed, trigger } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import {
  childOf,
  collect,
  fakeTime,
  Log,
  pass,
  rejectionOf,
  run,
  settled,
  thrownBy,
} from "./scene.ts";

/** An effect whose outcomes the test decides, one after the other. */
function effects() {
  const running: { value: number; signal: AbortSignal; done: PromiseWithResolvers<void> }[] = [];
  const effect = (value: number, { signal }: { signal: AbortSignal }): Promise<void> => {
    const done = Promise.withResolvers<void>();
    running.push({ value, signal, done });
    return done.promise;
  };
  return { running, effect };
}

describe("trigger: what has taken effect is the value", () => {
  it("when the effect has succeeded, and what is computed from it with it", async () => {
    const { running, effect } = effects();
    const level = trigger("level", effect, { initialValue: 0 });
    const double = computed("double", () => level.read() * 2, [level]);
    run([level, double]);
    const collected = collect(level.subscribe());
    const write = level.write(5);
    await settled();
    expect([running.length, level.read(), double.read()]).toEqual([1, 0, 0]);
    const before = Date.now();
    running[0]!.done.resolve();
    await write;
    expect([level.read(), double.read(), collected.got]).toEqual([5, 10, [5]]);
    expect(level.status()).toMatchObject({ value: 5, error: undefined, stale: false });
    expect(level.status().updatedAt).toBeGreaterThanOrEqual(before);
  });

  it("is undefined before the first write where there is no initial value", async () => {
    const level = trigger("level", (_: number) => {});
    expect(level.status()).toEqual({
      value: undefined,
      updatedAt: undefined,
      error: undefined,
      stale: false,
    });
  });

  it("holds back what is equal, though its effect runs", async () => {
    const effect = vi.fn((_: number) => {});
    const level = trigger("level", effect, { initialValue: 1, equal: Object.is });
    run([level]);
    const listener = vi.fn();
    level.onChange(listener);
    await level.write(1);
    await level.write(2);
    expect([effect.mock.calls.length, listener.mock.calls.length]).toEqual([2, 1]);
  });

  it("can be written without the object", async () => {
    const { write, read } = trigger("level", (_: number) => {});
    const value = read();
    expect(value).toBeUndefined();
    const error = rejectionOf(write(1, { signal: AbortSignal.abort(new Error("no")) }));
    expect((await error).message).toBe("no");
  });
});

describe("trigger: writes are serialised (B6)", () => {
  it("effects run one at a time, in order", async () => {
    const { running, effect } = effects();
    const level = trigger("level", effect);
    run([level]);
    const writes = [1, 2, 3].map((value) => level.write(value));
    await settled();
    expect(running.map(({ value }) => value)).toEqual([1]);
    running[0]!.done.resolve();
    await writes[0];
    await settled();
    expect(running.map(({ value }) => value)).toEqual([1, 2]);
    running[1]!.done.resolve();
    await settled();
    running[2]!.done.resolve();
    await Promise.all(writes);
    expect(level.read()).toBe(3);
  });

  it("writes of an effect wait for it", async () => {
    const order: string[] = [];
    const level = trigger("level", (value: number) => {
      order.push(`begin ${value}`);
      if (value === 1) void level.write(2).then(() => order.push("written 2"));
      order.push(`end ${value}`);
    });
    run([level]);
    await level.write(1);
    await settled();
    expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2", "written 2"]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("stuck");
      },
    ],
    ["rejects", () => Promise.reject(new Error("stuck"))],
  ])(
    "an effect that %s rejects its writer, leaves the value, notifies nobody, and is seen",
    async (_, fail) => {
      const log = new Log();
      const onError = vi.fn();
      const level = trigger(
        "level",
        (value: number): void | Promise<void> => (value < 0 ? fail() : undefined),
        {
          initialValue: 1,
          onError,
        },
      );
      const root = run([level], { logger: log });
      const listener = vi.fn();
      level.onChange(listener);
      const failed = rejectionOf(level.write(-1));
      const next = level.write(2);
      expect(await failed).toEqual(new Error("stuck"));
      expect(onError.mock.calls).toEqual([[new Error("stuck")]]);
      await next;
      expect([level.read(), listener.mock.calls.length]).toEqual([2, 1]);
      expect(level.status().error).toBeUndefined();
      await rejectionOf(level.write(-2));
      expect(level.status()).toMatchObject({ value: 2, error: new Error("stuck") });
      expect(log.lines.map(({ message }) => message)).toContain('update of trigger "level" failed');
      expect(childOf(root, level).restarts).toBe(0);
    },
  );

  it("an `equal` that throws rejects the writer", async () => {
    const equal = (): boolean => {
      throw new Error("incomparable");
    };
    const level = trigger("level", (_: number) => {}, { initialValue: 1, equal });
    run([level]);
    expect(await rejectionOf(level.write(2))).toEqual(new Error("incomparable"));
    expect(level.status()).toMatchObject({ value: 1, error: new Error("incomparable") });
  });

  it("a write with an aborted signal rejects, and never runs", async () => {
    const effect = vi.fn((_: number) => {});
    const level = trigger("level", effect);
    run([level]);
    const reason = new Error("too late");
    expect(await rejectionOf(level.write(1, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    await settled();
    expect(effect).not.toHaveBeenCalled();
  });

  it("a write that is withdrawn before its turn never runs", async () => {
    const { running, effect } = effects();
    const level = trigger("level", effect);
    run([level]);
    const first = level.write(1);
    const controller = new AbortController();
    const withdrawn = rejectionOf(level.write(2, { signal: controller.signal }));
    const last = level.write(3);
    await settled();
    const reason = new Error("changed my mind");
    controller.abort(reason);
    expect(await withdrawn).toBe(reason);
    running[0]!.done.resolve();
    await first;
    await settled();
    expect(running.map(({ value }) => value)).toEqual([1, 3]);
    running[1]!.done.resolve();
    await last;
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("a write that is withdrawn at work tells its effect; what it does then is no failure", async () => {
    const onError = vi.fn();
    const { running, effect } = effects();
    const level = trigger("level", effect, { initialValue: 0, onError });
    run([level]);
    const controller = new AbortController();
    const withdrawn = rejectionOf(level.write(1, { signal: controller.signal }));
    await settled();
    controller.abort();
    expect((await withdrawn).name).toBe("AbortError");
    expect(running[0]!.signal.aborted).toBe(true);
    running[0]!.done.reject(running[0]!.signal.reason as Error);
    const next = level.write(2);
    await settled();
    running[1]!.done.resolve();
    await next;
    expect(onError).not.toHaveBeenCalled();
    expect(level.status()).toMatchObject({ value: 2, error: undefined });
  });

  it("an effect that succeeds though its writer gave up is the value", async () => {
    const { running, effect } = effects();
    const level = trigger("level", effect, { initialValue: 0 });
    run([level]);
    const withdrawn = rejectionOf(level.write(1, { timeout: 1 }));
    expect((await withdrawn).name).toBe("TimeoutError");
    running[0]!.done.resolve();
    await settled();
    expect(level.read()).toBe(1);
  });
});

describe("trigger: staleness", () => {
  it("begins `staleAfter` ms after the last write that succeeded, and ends with the next", async () => {
    fakeTime();
    const onWrite = vi.fn<(value: number) => void>();
    const price = trigger("price", onWrite, { staleAfter: 100, equal: Object.is });
    run([price]);
    const stale: boolean[] = [];
    const look = (): number => stale.push(price.status().stale);
    await pass(99);
    look();
    await pass(1);
    look();
    await price.write(1);
    look();
    await pass(99);
    // One that is equal is a sign of life.
    await price.write(1);
    await pass(99);
    look();
    onWrite.mockImplementation(() => {
      throw new Error("no");
    });
    await rejectionOf(price.write(2));
    await pass(1);
    look();
    expect(stale).toEqual([false, true, false, false, true]);
  });

  it("never begins where `staleAfter` is not given", async () => {
    fakeTime();
    const price = trigger("price", (_: number) => {});
    await pass(1_000_000_000);
    expect(price.status().stale).toBe(false);
  });
});

describe("trigger: every write settles (B6, M7)", () => {
  it("one to a trigger that does not run waits for it", async () => {
    const level = trigger("level", (_: number) => {});
    const write = level.write(1);
    expect(level.mailbox.length).toBe(1);
    run([level]);
    await write;
    expect(level.read()).toBe(1);
  });

  it("one that is queued outlives a crash, one in hand is told of it", async () => {
    fakeTime();
    const { running, effect } = effects();
    const level = trigger("level", effect);
    const root = run([level], { shutdownTimeout: 50 });
    const inHand = rejectionOf(level.write(1));
    const queued = level.write(2);
    await settled();
    void childOf(root, level).restart();
    await pass(50);
    expect(await inHand).toBeInstanceOf(ActorStoppedError);
    expect(running.map(({ value }) => value)).toEqual([1, 2]);
    running[1]!.done.resolve();
    await queued;
    // The life that was left behind changes nothing any more.
    running[0]!.done.resolve();
    await settled();
    expect(level.read()).toBe(2);
  });

  it("those that are queued reject when it stops for good, and so do later ones", async () => {
    const { running, effect } = effects();
    const level = trigger("level", effect);
    const root = run([level]);
    const inHand = level.write(1);
    const queued = rejectionOf(level.write(2));
    await settled();
    const stopped = root.stop();
    expect(running[0]!.signal.aborted).toBe(true);
    running[0]!.done.resolve();
    await inHand;
    await stopped;
    expect(await queued).toBeInstanceOf(ActorStoppedError);
    expect(await rejectionOf(level.write(3))).toBeInstanceOf(ActorStoppedError);
    expect(level.read()).toBe(1);
    root.start();
    const again = level.write(4);
    await settled();
    running[1]!.done.resolve();
    await again;
    expect(level.read()).toBe(4);
  });

  it("rejections that nobody looks at surface nowhere", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const level = trigger("level", () => Promise.reject(new Error("stuck")));
    const root = run([level]);
    void level.write(1);
    void level.write(2, { signal: AbortSignal.abort() });
    await new Promise(setImmediate);
    await root.stop();
    void level.write(3);
    await new Promise(setImmediate);
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe("trigger: refuses", () => {
  const effect = (): void => {};

  it.each([
    [
      () => trigger("t", 1 as never),
      TypeError,
      'Cannot create trigger "t": `effect` must be a function, got 1',
    ],
    [
      () => trigger("", effect),
      RangeError,
      'Cannot create trigger: `name` must be a string that is not empty, got ""',
    ],
    [
      () => trigger("t", effect, { subscriberBuffer: -1 }),
      RangeError,
      "`subscriberBuffer` must be an integer of 1 or more, got -1",
    ],
    [
      () => trigger("t", effect, { staleAfter: 0 }),
      RangeError,
      "`staleAfter` must be milliseconds from 1 to 2147483647, got 0",
    ],
    [
      () => trigger("t", effect, { onError: "log" as never }),
      TypeError,
      '`onError` must be a function, got "log"',
    ],
  ])("%#: what makes no sense", (create, kind, message) => {
    const error = thrownBy(create);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });
});
