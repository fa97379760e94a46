import { signal } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { childOf, fakeTime, Log, pass, run, settled, thrownBy } from "./scene.ts";

/** A poll whose outcome the test decides, one after the other. */
function polls<V>() {
  const pending: PromiseWithResolvers<V>[] = [];
  const signals: AbortSignal[] = [];
  const update = ({ signal }: { signal: AbortSignal }): Promise<V> => {
    signals.push(signal);
    const poll = Promise.withResolvers<V>();
    pending.push(poll);
    return poll.promise;
  };
  return { pending, signals, update };
}

describe("signal: polls", () => {
  it("at once when its life begins, and then by its interval", async () => {
    fakeTime();
    let count = 0;
    const counter = signal("counter", () => ++count, { interval: 100 });
    expect(counter.read()).toBeUndefined();
    run([counter]);
    expect(counter.read()).toBe(1);
    await pass(99);
    expect(counter.read()).toBe(1);
    await pass(1);
    expect(counter.read()).toBe(2);
    await pass(300);
    expect(counter.read()).toBe(5);
  });

  it("every second where no interval is given", async () => {
    fakeTime();
    let count = 0;
    const counter = signal("counter", () => ++count);
    run([counter]);
    await pass(999);
    expect(count).toBe(1);
    await pass(1);
    expect(count).toBe(2);
  });

  it("has its initial value until a poll has succeeded", async () => {
    fakeTime();
    const { pending, update } = polls<number>();
    const level = signal("level", update, { initialValue: 7 });
    run([level]);
    expect(level.read()).toBe(7);
    pending[0]!.resolve(8);
    await settled();
    expect(level.read()).toBe(8);
  });

  it("awaits updates that return a promise, or anything with `then`", async () => {
    fakeTime();
    // oxlint-disable-next-line unicorn/no-thenable
    const thenable = { then: (resolve: (value: number) => void) => resolve(5) };
    const level = signal("level", () => thenable as PromiseLike<number>);
    run([level]);
    await settled();
    expect(level.read()).toBe(5);
  });

  it("is ready when the first poll is over, also if it failed", async () => {
    fakeTime();
    const { pending, update } = polls<number>();
    const level = signal("level", update, { interval: 100 });
    const root = run([level]);
    await settled();
    expect(childOf(root, level).status).toBe("running");
    pending[0]!.reject(new Error("offline"));
    await settled();
    expect(childOf(root, level).status).toBe("ready");
  });
});

describe("signal: polls never overlap, skip ticks, and do not drift (B3)", () => {
  it("skips the ticks that a slow poll has missed", async () => {
    fakeTime();
    const { pending, update } = polls<number>();
    run([signal("slow", update, { interval: 100 })]);
    await pass(250);
    expect(pending).toHaveLength(1);
    pending[0]!.resolve(1);
    await settled();
    expect(pending).toHaveLength(1);
    await pass(49);
    expect(pending).toHaveLength(1);
    await pass(1);
    expect(pending).toHaveLength(2);
  });

  it("polls at the ticks of the first poll, however long each poll takes", async () => {
    fakeTime();
    const start = Date.now();
    const times: number[] = [];
    const update = async (): Promise<number> => {
      times.push(Date.now() - start);
      await new Promise((resolve) => setTimeout(resolve, (times.length * 37) % 90));
      return times.length;
    };
    run([signal("busy", update, { interval: 100 })]);
    await pass(1_000);
    expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
  });

  it("aborts the signal of a poll when the actor stops, and waits for that poll", async () => {
    fakeTime();
    const { pending, signals, update } = polls<number>();
    const level = signal("level", update, { initialValue: 1 });
    const root = run([level]);
    const stopped = vi.fn();
    void root.stop().then(stopped);
    await settled();
    expect(signals[0]!.aborted).toBe(true);
    expect(stopped).not.toHaveBeenCalled();
    pending[0]!.resolve(2);
    await settled();
    expect(stopped).toHaveBeenCalled();
    expect(level.read()).toBe(1);
  });

  it("does not call it a failure when a poll rejects because it was aborted", async () => {
    fakeTime();
    const onError = vi.fn();
    const level = signal(
      "level",
      ({ signal }) =>
        new Promise<number>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      { onError, failAfter: 1 },
    );
    const root = run([level]);
    await root.stop();
    expect(onError).not.toHaveBeenCalled();
    expect(level.status().error).toBeUndefined();
  });

  it("polls no more after its stop, and leaves no timer", async () => {
    fakeTime();
    let count = 0;
    const root = run([signal("counter", () => ++count, { interval: 100 })]);
    await pass(150);
    await root.stop();
    await pass(1_000);
    expect(count).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not take the late answer of a life that was left behind", async () => {
    fakeTime();
    const { pending, update } = polls<string>();
    const level = signal("level", update);
    const root = run([level], { shutdownTimeout: 50 });
    void childOf(root, level).restart();
    await pass(50);
    expect(pending).toHaveLength(2);
    pending[1]!.resolve("new life");
    await settled();
    pending[0]!.resolve("old life");
    await settled();
    expect(level.read()).toBe("new life");
  });
});

describe("signal: an update that fails leaves the value, notifies nobody, and is seen (B2)", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("offline");
      },
    ],
    ["rejects", () => Promise.reject(new Error("offline"))],
  ])("when it %s", async (_, failing) => {
    fakeTime();
    const log = new Log();
    const onError = vi.fn();
    let fails = false;
    const update = (): number | Promise<number> => (fails ? failing() : 20);
    const level = signal("level", update, { interval: 100, onError });
    run([level], { logger: log });
    await settled();
    const listener = vi.fn();
    level.onChange(listener);
    const { updatedAt } = level.status();
    fails = true;
    await pass(100);
    expect(level.read()).toBe(20);
    expect(listener).not.toHaveBeenCalled();
    expect(onError.mock.calls).toEqual([[new Error("offline")]]);
    expect(log.lines).toEqual([
      { error: new Error("offline"), message: 'update of signal "level" failed' },
    ]);
    expect(level.status()).toEqual({
      value: 20,
      updatedAt,
      error: new Error("offline"),
      stale: false,
    });
    fails = false;
    await pass(100);
    expect(level.status()).toMatchObject({
      value: 20,
      updatedAt: updatedAt! + 200,
      error: undefined,
    });
  });

  it("is reported as an error with the cause where something else was thrown", async () => {
    fakeTime();
    const onError = vi.fn();
    // oxlint-disable-next-line prefer-promise-reject-errors
    run([signal("level", () => Promise.reject("offline"), { onError })]);
    await settled();
    const error = onError.mock.calls[0]![0] as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('Update of signal "level" failed: offline');
    expect(error.cause).toBe("offline");
  });

  it("harms nothing when `onError` throws or rejects", async () => {
    fakeTime();
    const log = new Log();
    let count = 0;
    const onError = (): never | Promise<never> => {
      if (count++ === 0) throw new Error("thrown by onError");
      return Promise.reject(new Error("rejected by onError"));
    };
    const update = (): number => {
      throw new Error("offline");
    };
    // oxlint-disable-next-line typescript/no-misused-promises
    run([signal("level", update, { interval: 100, onError })], { logger: log });
    await pass(250);
    expect(count).toBe(3);
    expect(log.lines.map(({ error }) => (error as Error).message)).toEqual([
      "offline",
      "thrown by onError",
      "offline",
      "rejected by onError",
      "offline",
      "rejected by onError",
    ]);
  });

  it("is an update that failed when `equal` throws", async () => {
    fakeTime();
    let count = 0;
    const equal = (): boolean => {
      throw new Error("incomparable");
    };
    const level = signal("level", () => ++count, { interval: 100, equal });
    run([level]);
    await pass(100);
    expect(level.status()).toMatchObject({ value: 1, error: new Error("incomparable") });
  });

  it("crashes the actor after `failAfter` failures in a row, counted anew in each life", async () => {
    fakeTime();
    const crashes: unknown[] = [];
    const outcomes = "-+---+".split("");
    let at = 0;
    const update = (): number => {
      if (outcomes[at++] === "-") throw new Error(`poll ${at}`);
      return at;
    };
    const level = signal("level", update, { interval: 100, failAfter: 2 });
    const root = run([level], {
      restartDelay: { initial: 10, jitter: 0 },
      onError: (actor, error) => crashes.push([actor.name, error.message]),
    });
    // - + - - and a crash; after 10 ms a new life, in which one failure is not two.
    await pass(300);
    expect(crashes).toEqual([["level", "poll 4"]]);
    await pass(10);
    expect(childOf(root, level)).toMatchObject({ restarts: 1, status: "ready" });
    await pass(100);
    expect(crashes).toHaveLength(1);
    expect(level.read()).toBe(6);
  });
});

describe("signal: staleness", () => {
  it("begins `staleAfter` ms after the last success, and ends with the next", async () => {
    fakeTime();
    let fails = false;
    const update = (): number => {
      if (fails) throw new Error("offline");
      return 1;
    };
    const level = signal("level", update, { interval: 100, staleAfter: 250 });
    run([level]);
    await pass(100);
    fails = true;
    await pass(249);
    expect(level.status().stale).toBe(false);
    await pass(1);
    expect(level.status().stale).toBe(true);
    fails = false;
    await pass(50);
    expect(level.status().stale).toBe(false);
  });

  it("comes to a signal that never succeeded", async () => {
    fakeTime();
    const { update } = polls<number>();
    const level = signal("level", update, { staleAfter: 100 });
    run([level]);
    await pass(99);
    expect(level.status()).toEqual({
      value: undefined,
      updatedAt: undefined,
      error: undefined,
      stale: false,
    });
    await pass(1);
    expect(level.status().stale).toBe(true);
  });

  it("does not come to a signal whose polls succeed with equal values", async () => {
    fakeTime();
    const level = signal("level", () => 1, { interval: 100, staleAfter: 150, equal: Object.is });
    run([level]);
    const begin = Date.now();
    await pass(1_000);
    expect(level.status()).toEqual({
      value: 1,
      updatedAt: begin + 1_000,
      error: undefined,
      stale: false,
    });
  });

  it("is not undone when the clock of the day is set back", async () => {
    fakeTime();
    let fails = false;
    const update = (): number => {
      if (fails) throw new Error("offline");
      return 1;
    };
    const level = signal("level", update, { interval: 100, staleAfter: 300 });
    run([level]);
    fails = true;
    await pass(200);
    vi.setSystemTime(Date.now() - 3_600_000);
    await pass(100);
    expect(level.status().stale).toBe(true);
  });

  it("is for ever away where `staleAfter` is not given", async () => {
    fakeTime();
    const level = signal("level", () => Promise.reject(new Error("offline")));
    run([level]);
    await pass(1_000_000);
    expect(level.status().stale).toBe(false);
  });
});

describe("signal: equal", () => {
  it("broadcasts every update without it", async () => {
    fakeTime();
    const level = signal("level", () => 1, { interval: 100 });
    run([level]);
    const listener = vi.fn();
    level.onChange(listener);
    await pass(300);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it("holds back what is equal, and keeps the value that was there", async () => {
    fakeTime();
    let count = 0;
    const level = signal("level", () => ({ degrees: Math.floor(count++ / 3) }), {
      interval: 100,
      equal: (before, after) => before.degrees === after.degrees,
    });
    run([level]);
    const first = level.read();
    const listener = vi.fn();
    level.onChange(listener);
    await pass(200);
    expect(level.read()).toBe(first);
    expect(listener).not.toHaveBeenCalled();
    await pass(100);
    expect(level.read()).toEqual({ degrees: 1 });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("is not asked about the first update of a signal without an initial value", async () => {
    fakeTime();
    const equal = vi.fn(() => true);
    const level = signal("level", () => 1, { equal });
    run([level]);
    expect(level.read()).toBe(1);
    expect(equal).not.toHaveBeenCalled();
  });
});

describe("signal: refuses", () => {
  const update = (): number => 1;

  it.each([
    [
      () => signal(7 as never, update),
      TypeError,
      "Cannot create signal: `name` must be a string that is not empty, got 7",
    ],
    [
      () => signal("", update),
      RangeError,
      'Cannot create signal: `name` must be a string that is not empty, got ""',
    ],
    [
      () => signal("s", 7 as never),
      TypeError,
      'Cannot create signal "s": `update` must be a function, got 7',
    ],
    [
      () => signal("s", update, { interval: 0 }),
      RangeError,
      'Cannot create signal "s": `interval` must be milliseconds from 1 to 2147483647, got 0',
    ],
    [() => signal("s", update, { interval: Number.NaN }), RangeError, "got NaN"],
    [() => signal("s", update, { interval: Infinity }), RangeError, "got Infinity"],
    [() => signal("s", update, { interval: "1" as never }), TypeError, 'got "1"'],
    [
      () => signal("s", update, { staleAfter: -1 }),
      RangeError,
      "`staleAfter` must be milliseconds from 1",
    ],
    [
      () => signal("s", update, { failAfter: 0 }),
      RangeError,
      "`failAfter` must be an integer of 1 or more, got 0",
    ],
    [() => signal("s", update, { failAfter: 1.5 }), RangeError, "got 1.5"],
    [
      () => signal("s", update, { subscriberBuffer: 0 }),
      RangeError,
      "`subscriberBuffer` must be an integer of 1 or more, got 0",
    ],
    [
      () => signal("s", update, { subscriberBuffer: "9" as never }),
      TypeError,
      "`subscriberBuffer`",
    ],
    [
      () => signal("s", update, { initialNotify: 1 as never }),
      TypeError,
      "`initialNotify` must be a boolean, got 1",
    ],
    [
      () => signal("s", update, { equal: true as never }),
      TypeError,
      "`equal` must be a function, got true",
    ],
    [
      () => signal("s", update, { onError: {} as never }),
      TypeError,
      "`onError` must be a function, got an object",
    ],
  ])("%#: what makes no sense", (create, kind, message) => {
    const error = thrownBy(create);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });
});
