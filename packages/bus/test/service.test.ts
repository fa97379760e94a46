import { ActorStoppedError } from "@sup/core";
import { computed, trigger, type Writer } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, fakeTime, Log, pass, rejectionOf, run, settled } from "./scene.ts";

/** A trigger whose effect takes no time for values below 100, and as long as the test wants for others. */
function mixed(log: string[] = []) {
  const effects: { value: number; signal: AbortSignal; done: PromiseWithResolvers<void> }[] = [];
  const effect = (value: number, { signal }: { signal: AbortSignal }): void | Promise<void> => {
    log.push(`begin ${value}`);
    if (value < 100) return;
    const done = Promise.withResolvers<void>();
    effects.push({ value, signal, done });
    return done.promise;
  };
  const level = trigger("level", effect, { initialValue: 0 });
  level.onChange(() => log.push(`is ${level.read()}`));
  return { level, effects, log };
}

/** From here on nothing stands before a write, the next effect is expected to take no time, and the turn is young. */
async function warmUp(level: Writer<number>): Promise<void> {
  await level.write(1);
  await settled();
}

describe("trigger: a write that nothing stands before", () => {
  it("is done when `write` returns, and all that comes from it has followed", async () => {
    const { level, log } = mixed();
    const double = computed("double", () => level.read() * 2, [level]);
    run([level, double]);
    await warmUp(level);
    const written = level.write(2);
    expect([level.read(), double.read()]).toEqual([2, 4]);
    expect(log.slice(-2)).toEqual(["begin 2", "is 2"]);
    expect(level.status()).toMatchObject({ value: 2, error: undefined });
    void level.write(3);
    expect([level.read(), double.read()]).toEqual([3, 6]);
    await written;
    expect(level.updates).toBe(3);
  });

  it("rejects with what its effect throws, and is seen; the next one is done at once again", async () => {
    const log = new Log();
    const onError = vi.fn();
    const effect = (value: number): void => {
      if (value < 0) throw new Error("stuck");
    };
    const level = trigger("level", effect, { initialValue: 0, onError });
    run([level], { logger: log });
    const listener = vi.fn();
    level.onChange(listener);
    await warmUp(level);
    const failed = rejectionOf(level.write(-1));
    expect(level.status()).toMatchObject({ value: 1, error: new Error("stuck") });
    expect(onError.mock.calls).toEqual([[new Error("stuck")]]);
    expect(log.lines).toEqual([
      { error: new Error("stuck"), message: 'update of trigger "level" failed' },
    ]);
    void level.write(2);
    expect([level.read(), listener.mock.calls.length]).toEqual([2, 2]);
    expect(await failed).toEqual(new Error("stuck"));
  });

  it("rejects where `equal` throws", async () => {
    const equal = (_: number, after: number): boolean => {
      if (after === 2) throw new Error("incomparable");
      return false;
    };
    const level = trigger("level", (_: number) => {}, { initialValue: 0, equal });
    run([level]);
    await warmUp(level);
    const failed = rejectionOf(level.write(2));
    void level.write(3);
    expect(level.read()).toBe(3);
    expect(await failed).toEqual(new Error("incomparable"));
  });

  it("may be ignored, also when it fails", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const level = trigger("level", (value: number): void | Promise<void> => {
      if (value === 2) throw new Error("at once");
      if (value === 3) return Promise.reject(new Error("later"));
    });
    run([level]);
    await warmUp(level);
    void level.write(2);
    void level.write(3);
    await new Promise(setImmediate);
    process.off("unhandledRejection", unhandled);
    expect(level.status().error).toEqual(new Error("later"));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("leaves nothing in the queue, and its effect sees when the life must end", async () => {
    const signals: AbortSignal[] = [];
    const effect = (_: number, { signal }: { signal: AbortSignal }): void =>
      void signals.push(signal);
    const level = trigger("level", effect);
    const root = run([level]);
    await warmUp(level);
    void level.write(2);
    expect([level.mailbox.length, signals.length, signals[1]!.aborted]).toEqual([0, 2, false]);
    const stopped = root.stop();
    expect(signals[1]!.aborted).toBe(true);
    await stopped;
  });

  it("starves neither timers nor input, however many follow each other", async () => {
    const { level } = mixed();
    run([level]);
    await warmUp(level);
    let hadTurn = false;
    setImmediate(() => (hadTurn = true));
    const giveUp = performance.now() + 5_000;
    for (let value = 0; !hadTurn && performance.now() < giveUp; value = (value + 1) % 100) {
      await level.write(value);
    }
    expect(hadTurn).toBe(true);
  });
});

describe("trigger: a write waits", () => {
  it("behind those that were queued before it", async () => {
    const { level, log } = mixed();
    run([level]);
    await warmUp(level);
    log.length = 0;
    const first = level.write(2, { timeout: 60_000 });
    const second = level.write(3);
    expect(log).toEqual([]);
    await Promise.all([first, second]);
    expect(log).toEqual(["begin 2", "is 2", "begin 3", "is 3"]);
  });

  it("behind those that were queued before it, also where timers and input come between", async () => {
    const begun: number[] = [];
    const effect = (value: number): void => {
      begun.push(value);
      const end = performance.now() + 0.3;
      while (performance.now() < end) continue;
    };
    const level = trigger("level", effect);
    run([level]);
    await warmUp(level);
    let last = 1;
    for (let count = 0; count < 20; count++) void level.write(++last, { timeout: 60_000 });
    while (begun.length < last) {
      await new Promise((resolve) => void setImmediate(resolve));
      if (last < 50) void level.write(++last);
    }
    expect(begun).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });

  it("while an effect takes its time", async () => {
    const { level, effects, log } = mixed();
    run([level]);
    const slow = level.write(100);
    await settled();
    void level.write(2);
    await settled();
    expect(log).toEqual(["begin 100"]);
    effects[0]!.done.resolve();
    await slow;
    await settled();
    expect(log).toEqual(["begin 100", "is 100", "begin 2", "is 2"]);
  });

  it("where a listener makes it, until all have heard of the one before", async () => {
    const { level, log } = mixed();
    run([level]);
    level.onChange(() => {
      if (level.read() === 2) void level.write(3);
    });
    level.onChange(() => log.push(`heard ${level.read()}`));
    await warmUp(level);
    log.length = 0;
    void level.write(2);
    expect(log).toEqual(["begin 2", "is 2", "heard 2"]);
    void level.write(4);
    await settled();
    expect(log.slice(3)).toEqual(["begin 3", "is 3", "heard 3", "begin 4", "is 4", "heard 4"]);
  });

  it("where the graph is being changed: another value's listener or function makes it", async () => {
    const { level, log } = mixed();
    const cell = new Cell("cell", 0);
    const writes = computed(
      "writes",
      () => {
        void level.write(cell.read());
        log.push("made");
      },
      [cell],
    );
    run([level, writes]);
    await warmUp(level);
    log.length = 0;
    writes.onChange(() => {
      void level.write(50);
      log.push("told");
    });
    cell.set(7);
    expect(log).toEqual(["made", "told"]);
    await settled();
    expect(log.slice(2)).toEqual(["begin 7", "is 7", "begin 50", "is 50"]);
  });

  it("where a function makes it that runs for a reader", async () => {
    const { level, log } = mixed();
    const cell = new Cell("cell", 7);
    run([level]);
    await warmUp(level);
    log.length = 0;
    const writes = computed(
      "writes",
      () => {
        void level.write(cell.read());
        log.push("made");
      },
      [cell],
    );
    writes.read();
    expect(log).toEqual(["made"]);
    await settled();
    expect(log).toEqual(["made", "begin 7", "is 7"]);
  });

  it("for the next turn of the event loop, when this one has been long", async () => {
    const { level } = mixed();
    run([level]);
    await warmUp(level);
    let value = 1;
    let written: Promise<void>;
    const giveUp = performance.now() + 5_000;
    do {
      await Promise.resolve();
      written = level.write(++value % 100);
    } while (level.read() === value % 100 && performance.now() < giveUp);
    for (let microtask = 0; microtask < 100; microtask++) await Promise.resolve();
    expect(level.read()).not.toBe(value % 100);
    await written;
    expect(level.read()).toBe(value % 100);
  });

  it("for the next life, from the moment when the present one must end", async () => {
    const { level, log } = mixed();
    const root = run([level]);
    await warmUp(level);
    log.length = 0;
    const restarted = childOf(root, level).restart();
    const written = level.write(2);
    expect(log).toEqual([]);
    await restarted;
    await written;
    expect(log).toEqual(["begin 2", "is 2"]);
    void root.stop();
    const error = rejectionOf(level.write(3));
    expect(log).toHaveLength(2);
    expect(await error).toBeInstanceOf(ActorStoppedError);
  });
});

describe("trigger: an effect that ends its own life", () => {
  it("is the last one in it, also where it has withdrawn what it wrote", async () => {
    const begun: number[] = [];
    let end = (): void => {};
    const level = trigger("level", (value: number) => {
      begun.push(value);
      if (value !== 2) return;
      end();
      void level.write(3, { signal: AbortSignal.abort() });
      const controller = new AbortController();
      void level.write(4, { signal: controller.signal });
      controller.abort();
      void Promise.resolve().then(() => void level.write(5));
    });
    const root = run([level]);
    await warmUp(level);
    end = () => void root.stop();
    const written = level.write(2, { timeout: 60_000 });
    await written;
    await root.wait();
    await settled();
    expect(begun).toEqual([1, 2]);
    expect(level.read()).toBe(2);
  });
});

describe("trigger: an effect that ends its own life, and takes time", () => {
  it("is not over before it is, whatever another one has written before", async () => {
    let end = (): void => {};
    const done = Promise.withResolvers<void>();
    const level = trigger("level", (value: number): void | Promise<void> => {
      if (value === 2) void level.write(3);
      if (value !== 4) return;
      end();
      return done.promise;
    });
    const root = run([level]);
    await warmUp(level);
    await level.write(2);
    await settled();
    end = () => void root.stop();
    let isOver = false;
    const error = rejectionOf(level.write(4).finally(() => (isOver = true)));
    await settled();
    expect(isOver).toBe(false);
    done.resolve();
    expect(await error).toBeInstanceOf(ActorStoppedError);
  });
});

describe("trigger: an effect that was begun at once, and takes time after all", () => {
  it("is the value when it has succeeded, and those behind it wait", async () => {
    const { level, effects, log } = mixed();
    run([level]);
    await warmUp(level);
    log.length = 0;
    const [first, second] = [level.write(100), level.write(2)];
    expect([log, level.read()]).toEqual([["begin 100"], 1]);
    await settled();
    effects[0]!.done.resolve();
    await Promise.all([first, second]);
    expect(log).toEqual(["begin 100", "is 100", "begin 2", "is 2"]);
  });

  it("goes before what it wrote itself", async () => {
    const log: string[] = [];
    const done = Promise.withResolvers<void>();
    const level = trigger("level", (value: number): void | Promise<void> => {
      log.push(`begin ${value}`);
      if (value !== 100) return;
      void level.write(2);
      void level.write(3);
      return done.promise;
    });
    run([level]);
    await warmUp(level);
    const written = level.write(100);
    await settled();
    expect(log).toEqual(["begin 1", "begin 100"]);
    done.resolve();
    await written;
    await settled();
    expect(log).toEqual(["begin 1", "begin 100", "begin 2", "begin 3"]);
    expect(level.read()).toBe(3);
  });

  it("rejects its writer when it fails, and is seen", async () => {
    const { level, effects } = mixed();
    run([level]);
    await warmUp(level);
    const failed = rejectionOf(level.write(100));
    effects[0]!.done.reject(new Error("stuck"));
    expect(await failed).toEqual(new Error("stuck"));
    expect(level.status()).toMatchObject({ value: 1, error: new Error("stuck") });
  });

  it("and has failed is no reason to crash, also when its life ends", async () => {
    const onError = vi.fn();
    const { level, effects } = mixed();
    const root = run([level], { onError });
    await warmUp(level);
    const failed = rejectionOf(level.write(100));
    effects[0]!.done.reject(new Error("stuck"));
    await failed;
    await childOf(root, level).restart();
    expect(onError).not.toHaveBeenCalled();
    await level.write(2);
    expect(level.read()).toBe(2);
  });

  it("is waited for when the life must end in the same breath", async () => {
    const { level, effects } = mixed();
    const root = run([level]);
    await warmUp(level);
    const error = rejectionOf(level.write(100));
    const stopped = root.stop();
    expect(effects[0]!.signal.aborted).toBe(true);
    await settled();
    expect(childOf(root, level).status).toBe("stopping");
    effects[0]!.done.resolve();
    await stopped;
    expect(await error).toBeInstanceOf(ActorStoppedError);
  });

  it("is none of the next life's, once it was left behind", async () => {
    fakeTime();
    const { level, effects, log } = mixed();
    const root = run([level], { shutdownTimeout: 50 });
    await warmUp(level);
    const error = rejectionOf(level.write(100));
    void childOf(root, level).restart();
    await pass(50);
    expect(await error).toMatchObject({
      name: "ActorStoppedError",
      message: 'Write to trigger "level" has no outcome: its life ended',
    });
    await level.write(2);
    effects[0]!.done.resolve();
    await settled();
    expect(level.read()).toBe(2);
    expect(log.slice(-2)).toEqual(["begin 2", "is 2"]);
  });

  it("that fails when it was left behind leaves the status alone", async () => {
    fakeTime();
    const { level, effects } = mixed();
    const root = run([level], { shutdownTimeout: 50 });
    const error = rejectionOf(level.write(100));
    await settled();
    void childOf(root, level).restart();
    await pass(50);
    await error;
    await level.write(2);
    effects[0]!.done.reject(new Error("too late"));
    await settled();
    expect(level.status()).toMatchObject({ value: 2, error: undefined });
  });
});
