import { getEventListeners } from "node:events";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Hub, random, type RetryContext, RetryError, roundRobin } from "../src/index.ts";
import { type Worker, workers } from "./workers.ts";

const failWith = (message: string) => (): never => {
  throw new Error(message);
};

/** Never settles, and looks at no signal. */
const hang = () => new Promise<never>(() => {});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  // In this order: what a spy restores may be a timer of the fake ones.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("Hub.retry", () => {
  it("resolves to the first result, and makes no attempt after it", async () => {
    const [a, b] = workers(2);
    const run = vi.fn((worker: Worker) => worker.name);
    expect(await roundRobin([a, b]).retry(5, run)).toBe("worker-0");
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("waits for the promise or the thenable of an attempt", async () => {
    const hub = roundRobin(workers(2));
    expect(await hub.retry(1, async () => 42)).toBe(42);
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
    expect(await hub.retry(1, () => ({ then: (resolve) => resolve?.(43) as never }))).toBe(43);
  });

  it("makes the first attempt before it returns", () => {
    const run = vi.fn();
    void roundRobin(workers(2)).retry(1, run);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("goes on with the next routee when one throws or rejects, and counts the attempts from 1", async () => {
    const [a, b, c] = workers(3);
    const seen: [Worker, number][] = [];
    const result = roundRobin([a, b, c]).retry(3, (worker, { attempt }) => {
      seen.push([worker, attempt]);
      if (attempt === 1) throw new Error("thrown");
      return attempt === 2 ? Promise.reject(new Error("rejected")) : "done";
    });
    expect(await result).toBe("done");
    expect(seen).toEqual([
      [a, 1],
      [b, 2],
      [c, 3],
    ]);
  });

  it("goes round again when the limit is above the number of routees", async () => {
    const [a, b, c] = workers(3);
    const seen: Worker[] = [];
    await roundRobin([a, b, c])
      .retry(7, (worker) => {
        seen.push(worker);
        throw new Error("failed");
      })
      .catch(() => {});
    expect(seen).toEqual([a, b, c, a, b, c, a]);
  });

  it("rejects with a RetryError that has all errors in order, as they were thrown, and the last as its cause", async () => {
    const hub = roundRobin(workers(2));
    const thrown = [new Error("first"), "second", undefined, new TypeError("fourth")];
    const error = await hub
      .retry(4, (_, { attempt }) => Promise.reject(thrown[attempt - 1] as Error))
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RetryError);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      name: "RetryError",
      code: "RETRY",
      message: "Cannot get a result: 4 of 4 attempts failed, the last with: fourth",
    });
    expect((error as RetryError).errors).toEqual(thrown);
    expect((error as RetryError).cause).toBe(thrown[3]);
  });

  it.each<[unknown, string]>([
    ["text", "text"],
    [undefined, "undefined"],
    [Object.create(null), "a value without text"],
  ])("rejects with a RetryError that says what was thrown: %o", async (thrown, text) => {
    const failing = roundRobin(workers(1)).retry(1, () => {
      throw thrown;
    });
    await expect(failing).rejects.toThrow(`the last with: ${text}`);
  });

  it("never uses a routee twice before all were used, by any strategy, with others at work meanwhile", async () => {
    const strategy = fc.constantFrom("round-robin", "random", "least-loaded");
    const between = fc.array(fc.constantFrom("next", "retry"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        strategy,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 21 }),
        between,
        async (strategy, count, limit, between) => {
          const hub = new Hub(workers(count), { strategy });
          const seen: Worker[] = [];
          await hub
            .retry(limit, (worker, { attempt }) => {
              seen.push(worker);
              const meanwhile = between[attempt];
              if (meanwhile === "next") hub.next();
              if (meanwhile === "retry") void hub.retry(2, failWith("other")).catch(() => {});
              throw new Error("failed");
            })
            .catch(() => {});
          expect(seen).toHaveLength(limit);
          for (let round = 0; round < limit; round += count) {
            const used = seen.slice(round, round + count);
            expect(new Set(used).size).toBe(used.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("does not begin a new round with the routee that has just failed", async () => {
    for (let trial = 0; trial < 50; trial++) {
      const seen: Worker[] = [];
      await random(workers(3))
        .retry(12, (worker) => {
          seen.push(worker);
          throw new Error("failed");
        })
        .catch(() => {});
      for (const [index, worker] of seen.entries()) expect(worker).not.toBe(seen[index + 1]);
    }
  });

  it("uses one that was added, and no more one that was removed, while it goes on", async () => {
    const [a, b, late] = workers(3);
    const hub = roundRobin([a, b]);
    const seen: Worker[] = [];
    await hub
      .retry(4, (worker, { attempt }) => {
        seen.push(worker);
        if (attempt === 1) {
          hub.remove(b);
          hub.add(late);
        }
        throw new Error("failed");
      })
      .catch(() => {});
    expect(seen).toEqual([a, late, a, late]);
  });

  it("leaves the turns of next as they were when an attempt comes out of turn", async () => {
    const [a, b, c] = workers(3);
    const hub = roundRobin([a, b, c]);
    const gate = Promise.withResolvers<void>();
    const seen: Worker[] = [];
    const retrying = hub.retry(2, async (worker, { attempt }) => {
      seen.push(worker);
      if (attempt === 2) return;
      await gate.promise;
      throw new Error("failed");
    });
    expect([hub.next(), hub.next()]).toEqual([b, c]);
    // It is the turn of `a`, which the retry has used: `b` is used out of turn.
    gate.resolve();
    await retrying;
    expect(seen).toEqual([a, b]);
    expect([hub.next(), hub.next(), hub.next()]).toEqual([a, b, c]);
  });

  it("makes no attempt after an error for which retryIf returns false", async () => {
    const run = vi.fn((_: Worker, { attempt }: RetryContext) => {
      throw new Error(attempt === 1 ? "again" : "never");
    });
    const error = await roundRobin(workers(3))
      .retry(5, run, { retryIf: (error) => (error as Error).message === "again" })
      .catch((error: unknown) => error);
    expect(run).toHaveBeenCalledTimes(2);
    expect((error as RetryError).errors.map((each) => (each as Error).message)).toEqual([
      "again",
      "never",
    ]);
    expect((error as RetryError).message).toBe(
      "Cannot get a result: 2 of 5 attempts failed, the last with: never",
    );
  });

  it("rejects with what retryIf throws", async () => {
    const failing = roundRobin(workers(1)).retry(2, failWith("failed"), {
      retryIf: failWith("retryIf"),
    });
    await expect(failing).rejects.toThrow("retryIf");
  });

  it("rejects when a load cannot be told, and retries that too", async () => {
    let asked = 0;
    const load = () => {
      if (++asked < 3) throw new Error("no load");
      return 1;
    };
    const hub = new Hub(workers(2), { strategy: "least-loaded", load });
    expect(await hub.retry(3, ({ name }) => name)).toMatch(/worker-/);
    expect(asked).toBe(4);
  });
});

describe("Hub.retry, delay", () => {
  /** When each of `limit` failing attempts was made, in milliseconds. */
  async function attemptTimes(
    limit: number,
    delay: object | number | undefined,
  ): Promise<number[]> {
    const start = Date.now();
    const times: number[] = [];
    const failing = roundRobin(workers(2))
      .retry(
        limit,
        () => {
          times.push(Date.now() - start);
          throw new Error("failed");
        },
        { delay: delay as number },
      )
      .catch(() => {});
    await vi.runAllTimersAsync();
    await failing;
    return times;
  }

  it("makes the next attempt at once when there is none", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    expect(await attemptTimes(3, undefined)).toEqual([0, 0, 0]);
    expect(await attemptTimes(3, 0)).toEqual([0, 0, 0]);
    expect(timers).not.toHaveBeenCalled();
  });

  it("waits as many milliseconds before each attempt but the first", async () => {
    expect(await attemptTimes(4, 250)).toEqual([0, 250, 500, 750]);
  });

  it("waits no more after the last attempt", async () => {
    const failing = roundRobin(workers(2)).retry(1, failWith("failed"), { delay: 1_000 });
    await expect(failing).rejects.toThrow(RetryError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("doubles a backoff up to 32 times the first delay, unless told otherwise", async () => {
    const times = await attemptTimes(9, { initial: 100, jitter: 0 });
    const delays = times.slice(1).map((time, index) => time - times[index]!);
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 3_200, 3_200]);
  });

  it("grows a backoff by its factor up to its max", async () => {
    const times = await attemptTimes(5, { initial: 10, factor: 3, max: 50, jitter: 0 });
    expect(times).toEqual([0, 10, 40, 90, 140]);
  });

  it("lets chance shorten and lengthen a backoff by its jitter, and keeps it inside its max", async () => {
    const chance = vi.spyOn(Math, "random");
    chance.mockReturnValue(0);
    expect(await attemptTimes(3, { initial: 1_000, jitter: 0.5 })).toEqual([0, 500, 1_500]);
    chance.mockReturnValue(0.75);
    expect(await attemptTimes(3, { initial: 1_000, jitter: 0.5 })).toEqual([0, 1_250, 3_750]);
    expect(await attemptTimes(2, { initial: 1_000 })).toEqual([0, 1_050]);
    const capped = await attemptTimes(3, { initial: 1_000, max: 1_050, jitter: 1 });
    expect(capped).toEqual([0, 1_050, 2_100]);
  });
});

describe("Hub.retry, signal", () => {
  const reason = new Error("given up");

  it("makes no attempt when it is aborted already", async () => {
    const run = vi.fn();
    const signal = AbortSignal.abort(reason);
    await expect(roundRobin(workers(2)).retry(3, run, { signal })).rejects.toBe(reason);
    expect(run).not.toHaveBeenCalled();
  });

  it("rejects with its reason at once when it aborts during an attempt that ignores it", async () => {
    const giveUp = new AbortController();
    const run = vi.fn(hang);
    const retrying = roundRobin(workers(2)).retry(3, run, { signal: giveUp.signal });
    giveUp.abort(reason);
    await expect(retrying).rejects.toBe(reason);
    expect(run).toHaveBeenCalledTimes(1);
    expect(getEventListeners(giveUp.signal, "abort")).toHaveLength(0);
  });

  it("rejects with its reason, not a RetryError, when an attempt ends because it aborted", async () => {
    const giveUp = new AbortController();
    const run = vi.fn(
      (_: Worker, { signal }: RetryContext) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("was aborted")));
        }),
    );
    const retrying = roundRobin(workers(2)).retry(3, run, { signal: giveUp.signal });
    giveUp.abort(reason);
    await expect(retrying).rejects.toBe(reason);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("rejects with its reason also when it aborts during the last attempt, without asking retryIf", async () => {
    const giveUp = new AbortController();
    const retryIf = vi.fn(() => true);
    const retrying = roundRobin(workers(2)).retry(
      1,
      () => {
        giveUp.abort(reason);
        throw new Error("failed");
      },
      { signal: giveUp.signal, retryIf },
    );
    await expect(retrying).rejects.toBe(reason);
    expect(retryIf).not.toHaveBeenCalled();
  });

  it("rejects with its reason at once when an attempt aborts it", async () => {
    for (const then of [hang, failWith("failed")]) {
      const giveUp = new AbortController();
      const run = vi.fn(() => {
        giveUp.abort(reason);
        return then();
      });
      const retrying = roundRobin(workers(2)).retry(3, run, { signal: giveUp.signal });
      await expect(retrying).rejects.toBe(reason);
      expect(run).toHaveBeenCalledTimes(1);
    }
  });

  it("rejects with its reason when retryIf aborts it", async () => {
    const giveUp = new AbortController();
    const run = vi.fn(failWith("failed"));
    const retryIf = () => {
      giveUp.abort(reason);
      return true;
    };
    const retrying = roundRobin(workers(2)).retry(3, run, { signal: giveUp.signal, retryIf });
    await expect(retrying).rejects.toBe(reason);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("rejects with its reason at once when it aborts during a delay, and leaves no timer", async () => {
    const giveUp = new AbortController();
    const run = vi.fn(failWith("failed"));
    const retrying = roundRobin(workers(2)).retry(3, run, {
      signal: giveUp.signal,
      delay: 60_000,
    });
    retrying.catch(() => {});
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(1);
    giveUp.abort(reason);
    await expect(retrying).rejects.toBe(reason);
    expect(run).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(giveUp.signal, "abort")).toHaveLength(0);
  });

  it("rejects with a TimeoutError when it is one of a timeout", async () => {
    vi.useRealTimers();
    const retrying = roundRobin(workers(2)).retry(3, hang, { signal: AbortSignal.timeout(5) });
    await expect(retrying).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("changes nothing when it aborts after the result", async () => {
    const giveUp = new AbortController();
    const retrying = roundRobin(workers(2)).retry(1, () => 42, { signal: giveUp.signal });
    expect(await retrying).toBe(42);
    giveUp.abort(reason);
    expect(await retrying).toBe(42);
  });

  it("is what the attempts are given; without one they get a signal that does not abort", async () => {
    const { signal } = new AbortController();
    const hub = roundRobin(workers(2));
    expect(await hub.retry(1, (_, context) => context.signal, { signal })).toBe(signal);
    const given = await hub.retry(1, (_, context) => context.signal);
    expect(given).toBeInstanceOf(AbortSignal);
    expect(given.aborted).toBe(false);
    expect(await hub.retry(1, (_, context) => context.signal)).not.toBe(given);
  });

  it("has no listener left after retries that ended in every way", async () => {
    const { signal } = new AbortController();
    const hub = roundRobin(workers(2));
    for (let round = 0; round < 50; round++) {
      await hub.retry(1, () => round, { signal });
      await hub.retry(3, failWith("failed"), { signal }).catch(() => {});
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("Hub.retry, misuse", () => {
  const hub = roundRobin(workers(2));
  const run = vi.fn();

  it.each<[unknown, ErrorConstructor, string]>([
    [0, RangeError, "0"],
    [-1, RangeError, "-1"],
    [1.5, RangeError, "1.5"],
    [Number.NaN, RangeError, "NaN"],
    [Infinity, RangeError, "Infinity"],
    ["3", TypeError, '"3"'],
    [undefined, TypeError, "undefined"],
    [3n, TypeError, "3n"],
  ])("throws when the limit is %s", (limit, type, shown) => {
    expect(() => hub.retry(limit as number, run)).toThrow(
      new type(`Cannot retry: \`limit\` must be an integer of 1 or more, got ${shown}`),
    );
  });

  it.each<[object, ErrorConstructor, string]>([
    [{ delay: -1 }, RangeError, "`delay` must be milliseconds from 0 to 2147483647, got -1"],
    [
      { delay: Infinity },
      RangeError,
      "`delay` must be milliseconds from 0 to 2147483647, got Infinity",
    ],
    [
      { delay: Number.NaN },
      RangeError,
      "`delay` must be milliseconds from 0 to 2147483647, got NaN",
    ],
    [{ delay: "1s" }, TypeError, '`delay` must be milliseconds from 0 to 2147483647, got "1s"'],
    [{ delay: null }, TypeError, "`delay` must be milliseconds from 0 to 2147483647, got null"],
    [
      { delay: {} },
      TypeError,
      "`delay.initial` must be milliseconds from 0 to 2147483647, got undefined",
    ],
    [
      { delay: { initial: -5 } },
      RangeError,
      "`delay.initial` must be milliseconds from 0 to 2147483647, got -5",
    ],
    [
      { delay: { initial: 100, max: 50 } },
      RangeError,
      "`delay.max` must be milliseconds from 100 to 2147483647, got 50",
    ],
    [
      { delay: { initial: 1, factor: 0.5 } },
      RangeError,
      "`delay.factor` must be a number of 1 or more, got 0.5",
    ],
    [
      { delay: { initial: 1, jitter: 2 } },
      RangeError,
      "`delay.jitter` must be a number from 0 to 1, got 2",
    ],
    [{ signal: {} }, TypeError, "`signal` must be an AbortSignal, got an object"],
    [{ signal: null }, TypeError, "`signal` must be an AbortSignal, got null"],
    [{ retries: 3 }, TypeError, "unknown option `retries`"],
    [{ retryIf: true }, TypeError, "`retryIf` must be a function, got true"],
  ])("throws when the options are %o", (options, type, message) => {
    expect(() => hub.retry(1, run, options)).toThrow(new type(`Cannot retry: ${message}`));
  });

  it("throws when the options are no object, or run is no function", () => {
    expect(() => hub.retry(1, run, 5 as never)).toThrow(
      new TypeError("Cannot retry: `options` must be an object, got 5"),
    );
    expect(() => hub.retry(1, "run" as never)).toThrow(
      new TypeError('Cannot retry: `run` must be a function, got "run"'),
    );
  });

  it("makes no attempt when it throws", () => {
    expect(run).not.toHaveBeenCalled();
  });
});
