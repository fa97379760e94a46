import { getEventListeners } from "node:events";
import {
  computed,
  debounce,
  link,
  type Provider,
  type SubscribeOptions,
  throttle,
  trigger,
} from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, fakeTime, pass, run, settled } from "./scene.ts";

/** A provider that only has `watch`, which the test ends or makes fail. */
class Watched<V> {
  readonly watches: { signal: AbortSignal | undefined; end(error?: Error): void }[] = [];
  #value: V;
  #wake = (): void => {};

  constructor(value: V) {
    this.#value = value;
  }

  read(): V {
    return this.#value;
  }

  set(value: V): void {
    this.#value = value;
    this.#wake();
  }

  async *watch({ signal }: SubscribeOptions = {}): AsyncGenerator<void> {
    let ending: { error: Error | undefined } | undefined;
    const wake = (): void => this.#wake();
    signal?.addEventListener("abort", wake);
    this.watches.push({
      signal,
      end: (error) => {
        ending = { error };
        wake();
      },
    });
    for (;;) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      if (signal?.aborted === true) return;
      if (ending?.error !== undefined) throw ending.error;
      if (ending !== undefined) return;
      yield;
    }
  }
}

/** A whole provider over a cell, as a user writes one. */
class Meter implements Provider<number> {
  readonly name = "meter";
  readonly cell = new Cell("meter", 1);

  read(): number {
    return this.cell.read();
  }

  onChange(listener: () => void): () => void {
    return this.cell.onChange(listener);
  }

  async *watch({ signal }: SubscribeOptions = {}): AsyncGenerator<void> {
    for await (const _ of this.subscribe({ signal })) yield;
  }

  async *subscribe({ signal }: SubscribeOptions = {}): AsyncGenerator<number> {
    while (signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const remove = this.cell.onChange(() => {
          remove();
          resolve();
        });
      });
      yield this.read();
    }
  }
}

describe("own providers", () => {
  it("work as dependency, and as source of debounce, throttle and link", async () => {
    fakeTime();
    const meter = new Meter();
    const double = computed("double", () => meter.read() * 2, [meter]);
    const calm = debounce("calm", meter, 100);
    const rare = throttle("rare", meter, 100);
    const level = trigger("level", (_: number) => {});
    const root = run([double, calm, rare, level, link("wiring", meter, level)]);
    meter.cell.set(5);
    await pass(100);
    await settled();
    expect([double, calm, rare, level].map((one) => one.read())).toEqual([10, 5, 5, 5]);
    expect(meter.cell.listeners.size).toBe(1);
    await root.stop();
    expect(meter.cell.listeners.size).toBe(0);
  });

  it("that only have `watch` are watched while somebody needs it", async () => {
    const source = new Watched(1);
    const double = computed("double", () => source.read() * 2, [source]);
    expect(double.read()).toBe(2);
    expect(source.watches).toHaveLength(0);
    const root = run([double]);
    await settled();
    source.set(5);
    await settled();
    expect(double.read()).toBe(10);
    expect(source.watches).toHaveLength(1);
    await root.stop();
    expect(source.watches[0]!.signal!.aborted).toBe(true);
  });

  it("that only have `watch` and no value can be depended on", async () => {
    let value = 1;
    const { watch, set } = (() => {
      const watched = new Watched(0);
      return { watch: watched.watch.bind(watched), set: () => watched.set(0) };
    })();
    const double = computed("double", () => value * 2, [{ watch }]);
    run([double]);
    await settled();
    value = 2;
    set();
    await settled();
    expect(double.read()).toBe(4);
  });

  it("whose watch ends are watched again, and what happened meanwhile is seen", async () => {
    fakeTime();
    const source = new Watched(1);
    const double = computed("double", () => source.read() * 2, [source]);
    const calm = debounce("calm", source, 10_000);
    run([double, calm]);
    await settled();
    source.set(2);
    await settled();
    source.watches[0]!.end();
    await settled();
    // Its source has ended, as far as it knows: it passes on what has been waiting.
    expect(calm.read()).toBe(2);
    source.set(3);
    await pass(999);
    expect([source.watches.length, double.read()]).toEqual([1, 4]);
    await pass(1);
    expect([source.watches.length, double.read()]).toEqual([2, 6]);
    source.set(4);
    await settled();
    expect(double.read()).toBe(8);
  });

  it("whose watch fails are reported to those that follow them, and watched again", async () => {
    fakeTime();
    const source = new Watched(1);
    const onError = vi.fn();
    const double = computed("double", () => source.read() * 2, [source], { onError });
    const calm = debounce("calm", source, 100, { onError });
    const level = trigger("level", (_: number) => {});
    run([double, calm, level, link("wiring", source, level, { onError })]);
    await settled();
    source.watches[0]!.end(new Error("line cut"));
    await settled();
    expect(onError.mock.calls).toEqual(Array.from({ length: 3 }, () => [new Error("line cut")]));
    await pass(1_000);
    source.set(2);
    await settled();
    expect([double.read(), level.read()]).toEqual([4, 2]);
  });

  it("whose `onChange` throws are reported, and tried again", async () => {
    fakeTime();
    let isBroken = true;
    const cell = new Cell("cell", 1);
    const onError = vi.fn();
    const source = {
      read: () => cell.read(),
      onChange(listener: () => void): () => void {
        if (isBroken) throw new Error("not yet");
        return cell.onChange(listener);
      },
    };
    const double = computed("double", () => source.read() * 2, [source], { onError });
    run([double]);
    await settled();
    expect(onError.mock.calls).toEqual([[new Error("not yet")]]);
    isBroken = false;
    cell.set(3);
    await pass(1_000);
    expect(double.read()).toBe(6);
    cell.set(4);
    expect(double.read()).toBe(8);
  });

  it("whose `read` throws: a computed shows it, what follows waits for the next value", async () => {
    const cell = new Cell("cell", 1);
    const source = {
      name: "source",
      read: () => {
        if (cell.read() === 2) throw new Error("unreadable");
        return cell.read();
      },
      onChange: (listener: () => void) => cell.onChange(listener),
    };
    const onError = vi.fn();
    const double = computed("double", () => source.read() * 2, [source]);
    const rare = throttle("rare", source, 1);
    const level = trigger("level", (_: number) => {});
    run([double, rare, level, link("wiring", source, level, { onError })]);
    cell.set(2);
    await settled();
    expect(double.status()).toMatchObject({ value: 2, error: new Error("unreadable") });
    expect(rare.status()).toMatchObject({ value: 1, error: new Error("unreadable") });
    expect([level.read(), onError.mock.calls.length]).toEqual([undefined, 1]);
    cell.set(3);
    await settled();
    expect([double.read(), rare.read(), level.read()]).toEqual([6, 3, 3]);
  });

  it("tell their staleness, where they have a status", () => {
    const cell = new Cell("cell", 1);
    let stale = false;
    const source = {
      read: () => cell.read(),
      onChange: (listener: () => void) => cell.onChange(listener),
      status: () => ({ stale }),
    };
    const double = computed("double", () => source.read() * 2, [source]);
    const calm = debounce("calm", double, 100);
    run([double, calm]);
    expect([double.status().stale, calm.status().stale]).toEqual([false, false]);
    stale = true;
    expect([double.status().stale, calm.status().stale]).toEqual([true, true]);
  });

  it("may be functions with members, or come from a proxy", () => {
    const cell = new Cell("cell", 1);
    const source = Object.assign(() => cell.read(), {
      read: () => cell.read(),
      onChange: (listener: () => void) => cell.onChange(listener),
    });
    const own = trigger("own", (_: number) => {}, { initialValue: 3 });
    const proxied = new Proxy(own, {});
    const sum = computed("sum", () => source.read() + own.read(), [source, proxied]);
    run([sum]);
    cell.set(2);
    expect(sum.read()).toBe(5);
  });

  it("are one source, however many follow: one change, one run", async () => {
    const cell = new Cell("cell", 1);
    const a = computed("a", () => cell.read(), [cell]);
    const runs = vi.fn(() => a.read() + cell.read());
    const b = computed("b", runs, [cell, a]);
    const root = run([b, a]);
    runs.mockClear();
    cell.set(2);
    expect(runs).toHaveBeenCalledTimes(1);
    expect(cell.listeners.size).toBe(1);
    await childOf(root, a).stop();
    expect(cell.listeners.size).toBe(1);
  });

  it("that end again and again leave nothing on the signal of those who watch them", async () => {
    fakeTime();
    const signals: AbortSignal[] = [];
    const source = {
      read: () => 1,
      watch({ signal }: SubscribeOptions = {}): AsyncIterable<void> {
        signals.push(signal!);
        return { [Symbol.asyncIterator]: () => ({ next: async () => over }) };
      },
    };
    const root = run([computed("c", () => source.read(), [source])]);
    await pass(20_000);
    expect(signals.length).toBeGreaterThan(20);
    expect(new Set(signals).size).toBe(1);
    expect(getEventListeners(signals[0]!, "abort").length).toBeLessThan(2);
    await root.stop();
    expect(getEventListeners(signals[0]!, "abort")).toEqual([]);
  });

  it.each([
    ["throw", () => thrown()],
    ["reject", async () => thrown()],
  ])("whose functions to stop %s harm nobody", async (_, stop) => {
    const uncaught = vi.fn();
    process.on("uncaughtException", uncaught).on("unhandledRejection", uncaught);
    const heard = { read: () => 1, onChange: () => stop };
    const iterator = { next: () => new Promise<IteratorResult<void>>(() => {}), return: stop };
    const watched = { read: () => 1, watch: () => ({ [Symbol.asyncIterator]: () => iterator }) };
    const sum = computed("sum", () => heard.read() + watched.read(), [heard, watched as never]);
    const root = run([sum]);
    await settled();
    await root.stop();
    await settled();
    await new Promise(setImmediate);
    process.off("uncaughtException", uncaught).off("unhandledRejection", uncaught);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it("are told to stop in a way that they may answer with a failure", async () => {
    const iterator = {
      next: () => new Promise<IteratorResult<void>>(() => {}),
      return: () => Promise.reject(new Error("return failed")),
    };
    const source = { read: () => 1, watch: () => ({ [Symbol.asyncIterator]: () => iterator }) };
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const root = run([computed("c", () => source.read(), [source])]);
    await settled();
    await root.stop();
    await settled();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

const over: IteratorResult<void> = { value: undefined, done: true };

function thrown(): never {
  throw new Error("stop failed");
}
