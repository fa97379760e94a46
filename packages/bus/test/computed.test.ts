import {
  type Computed,
  computed,
  type Debounce,
  debounce,
  link,
  signal,
  type Throttle,
  throttle,
  trigger,
} from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, collect, fakeTime, Log, pass, run, settled, thrownBy } from "./scene.ts";

/** A computed sum of `inputs` that counts its runs. */
function sum(name: string, inputs: readonly (Cell<number> | Computed<number>)[]) {
  const made = {
    runs: 0,
    value: computed(
      name,
      () => {
        made.runs++;
        return inputs.reduce((total, input) => total + input.read(), 0);
      },
      inputs,
    ),
  };
  return made;
}

describe("computed: each runs at most once for a change, after all that it comes from (B4)", () => {
  it("in a diamond, where nobody sees old beside new", () => {
    const source = new Cell("source", 1);
    const seen: string[] = [];
    const left = computed("left", () => source.read() * 10, [source]);
    const right = computed("right", () => source.read() * 100, [source]);
    const join = computed(
      "join",
      () => {
        seen.push(`${left.read()}/${right.read()}`);
        return left.read() + right.read();
      },
      [left, right],
    );
    run([join, right, left]);
    source.set(2);
    source.set(3);
    expect(seen).toEqual(["10/100", "20/200", "30/300"]);
    expect(join.read()).toBe(330);
  });

  it("where one way is longer than the other, in whatever order they are declared and started", () => {
    const source = new Cell("source", 1);
    const a = sum("a", [source]);
    const b = sum("b", [a.value]);
    const c = sum("c", [b.value]);
    const late = sum("late", [source, c.value]);
    const early = sum("early", [c.value, source]);
    run([early.value, late.value, a.value, c.value, b.value]);
    source.set(2);
    expect([late.value.read(), early.value.read()]).toEqual([4, 4]);
    expect([a.runs, b.runs, c.runs, late.runs, early.runs]).toEqual([2, 2, 2, 2, 2]);
  });

  it("in a net of a hundred by five: 501 evaluations for a change", () => {
    const source = new Cell("source", 1);
    const width = 100;
    let layer = Array.from({ length: width }, (_, at) => sum(`0/${at}`, [source]));
    const all = [...layer];
    for (let depth = 1; depth < 5; depth++) {
      const above = layer;
      layer = above.map((one, at) =>
        sum(`${depth}/${at}`, [one.value, above[(at + 1) % width]!.value]),
      );
      all.push(...layer);
    }
    const sink = sum(
      "sink",
      layer.map(({ value }) => value),
    );
    all.push(sink);
    const listener = vi.fn();
    sink.value.onChange(listener);
    run(all.map(({ value }) => value));
    expect(sink.value.read()).toBe(1_600);
    listener.mockClear();
    for (const one of all) one.runs = 0;
    source.set(2);
    expect(all.reduce((total, { runs }) => total + runs, 0)).toBe(501);
    expect(sink.value.read()).toBe(3_200);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("in a chain of five thousand, running or not, without overflow", () => {
    const source = new Cell("source", 1);
    const chain: Computed<number>[] = [];
    for (let at = 0; at < 5_000; at++) {
      const before = chain.at(-1);
      chain.push(
        before === undefined
          ? computed(`${at}`, () => source.read(), [source])
          : computed(`${at}`, () => before.read() + 1, [before]),
      );
    }
    const last = chain.at(-1)!;
    expect(last.read()).toBe(5_000);
    source.set(2);
    expect(last.read()).toBe(5_001);
    run([last]);
    source.set(3);
    expect(last.read()).toBe(5_002);
    run(chain.slice(0, -1));
    source.set(4);
    expect(last.read()).toBe(5_003);
    expect(last.status()).toMatchObject({ value: 5_003, stale: false });
  });

  it("within the turn in which the source changed", async () => {
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    const double = computed("double", () => source.read() * 2, [source]);
    run([source, double]);
    const order: string[] = [];
    source.onChange(() => {
      queueMicrotask(() => order.push("microtask after the change"));
      order.push(`listener of the source: ${double.read()}`);
    });
    double.onChange(() => void order.push(`listener of the computed: ${double.read()}`));
    await source.write(4);
    expect(order).toEqual([
      "listener of the source: 8",
      "listener of the computed: 8",
      "microtask after the change",
    ]);
  });

  it("where a function reads what it does not depend on: that is up to date too", () => {
    const source = new Cell("source", 1);
    const undeclared = computed("undeclared", () => source.read() * 10, [source]);
    const reader = computed("reader", () => [source.read(), undeclared.read()], [source]);
    run([reader, undeclared]);
    source.set(2);
    expect(reader.read()).toEqual([2, 20]);
  });

  it("where five thousand read the same undeclared value before its turn, without overflow", () => {
    const source = new Cell("source", 1);
    const readers = Array.from({ length: 5_000 }, (_, at) =>
      computed(`${at}`, () => source.read() + late.read(), [source]),
    );
    const late: Computed<number> = computed("late", () => source.read() * 10, [source]);
    run([...readers, late]);
    source.set(2);
    expect(readers.every((one) => one.read() === 22)).toBe(true);
  });

  it("where a listener changes a source: once for that change, before the next value's listeners", () => {
    const first = new Cell("first", 1);
    const second = new Cell("second", 1);
    const seen: string[] = [];
    const onFirst = computed("on-first", () => first.read(), [first]);
    const both = computed(
      "both",
      () => {
        seen.push(`${first.read()}/${second.read()}`);
        return first.read() * 10 + second.read();
      },
      [onFirst, second],
    );
    run([onFirst, both]);
    seen.length = 0;
    const listened: string[] = [];
    onFirst.onChange(() => {
      second.set(first.read() + 5);
      listened.push(`in the listener: ${both.read()}`);
    });
    onFirst.onChange(() => void listened.push(`the next listener: ${both.read()}`));
    both.onChange(() => void listened.push(`listener of both: ${both.read()}`));
    first.set(2);
    expect(seen).toEqual(["2/1", "2/7"]);
    expect(listened).toEqual([
      "in the listener: 27",
      "the next listener: 27",
      "listener of both: 27",
    ]);
  });

  it("where a function changes a source while it runs: what comes from it follows", () => {
    const source = new Cell("source", 1);
    const other = new Cell("other", 0);
    const writer = computed(
      "writer",
      () => {
        other.set(source.read() * 2);
        return source.read();
      },
      [source],
    );
    const reader = computed("reader", () => other.read(), [other]);
    run([reader, writer]);
    source.set(5);
    expect([writer.read(), reader.read()]).toEqual([5, 10]);
    source.set(6);
    expect(reader.read()).toBe(12);
  });

  it("where a function changes what it has read before its turn", () => {
    const source = new Cell("source", 1);
    const other = new Cell("other", 1);
    const seen: number[][] = [];
    const writer = computed(
      "writer",
      () => {
        const before = both.read();
        other.set(source.read() * 100);
        seen.push([before, both.read()]);
      },
      [source],
    );
    const both: Computed<number> = computed("both", () => source.read() + other.read(), [
      source,
      other,
    ]);
    run([writer, both]);
    seen.length = 0;
    source.set(2);
    expect(seen).toEqual([[102, 202]]);
    expect(both.read()).toBe(202);
  });

  it("where a listener starts and stops values in the middle of a change", async () => {
    const source = new Cell("source", 1);
    const a = sum("a", [source]);
    const b = sum("b", [a.value]);
    const c = sum("c", [b.value, source]);
    const root = run([a.value, b.value]);
    a.value.onChange(() => {
      if (source.read() === 2) root.spawn(c.value);
      if (source.read() === 3) void childOf(root, b.value).stop();
    });
    source.set(2);
    expect(c.value.read()).toBe(4);
    source.set(3);
    await settled();
    source.set(4);
    expect([b.value.read(), c.value.read()]).toEqual([4, 8]);
    expect(c.runs).toBe(3);
  });
});

describe("computed: equal", () => {
  it("cuts off what follows where the result is equal", () => {
    const source = new Cell("source", 1);
    const parity = computed("parity", () => source.read() % 2, [source], { equal: Object.is });
    const after = sum("after", [parity]);
    run([parity, after.value]);
    const listener = vi.fn();
    parity.onChange(listener);
    source.set(3);
    source.set(5);
    expect(after.runs).toBe(1);
    expect(listener).not.toHaveBeenCalled();
    source.set(6);
    expect(after.runs).toBe(2);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("keeps the object that was there where another one is equal", () => {
    const source = new Cell("source", 1);
    const boxed = computed("boxed", () => ({ sign: Math.sign(source.read()) }), [source], {
      equal: (before, after) => before.sign === after.sign,
    });
    run([boxed]);
    const first = boxed.read();
    source.set(2);
    expect(boxed.read()).toBe(first);
  });

  it("is not there where nothing is said: every update is broadcast", () => {
    const source = new Cell("source", 1);
    const same = computed("same", () => Math.sign(source.read()), [source]);
    const after = sum("after", [same]);
    run([same, after.value]);
    const listener = vi.fn();
    same.onChange(listener);
    source.set(2);
    source.set(3);
    expect([after.runs, listener.mock.calls.length]).toEqual([3, 2]);
  });
});

describe("computed: a function that throws leaves the value, and shows the error (B2)", () => {
  it("notifies nobody, tells `onError` and the logger, and recovers", async () => {
    fakeTime();
    const log = new Log();
    const onError = vi.fn();
    const source = new Cell("source", "[1]");
    const parsed = computed("parsed", () => JSON.parse(source.read()) as unknown, [source], {
      onError,
    });
    const after = computed("after", () => JSON.stringify(parsed.read()), [parsed]);
    run([parsed, after], { logger: log });
    const { updatedAt } = parsed.status();
    const listener = vi.fn();
    parsed.onChange(listener);
    after.onChange(listener);
    await pass(10);
    source.set("{");
    expect(parsed.read()).toEqual([1]);
    expect(after.read()).toBe("[1]");
    expect(listener).not.toHaveBeenCalled();
    expect(parsed.status()).toMatchObject({
      value: [1],
      updatedAt,
      error: expect.any(SyntaxError),
    });
    expect(onError).toHaveBeenCalledTimes(1);
    expect(log.lines).toMatchObject([{ message: 'update of computed "parsed" failed' }]);
    source.set("[2]");
    expect(parsed.status()).toMatchObject({
      value: [2],
      updatedAt: updatedAt! + 10,
      error: undefined,
    });
    expect(after.read()).toBe("[2]");
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("is not run again for that error by reading it", () => {
    const source = new Cell("source", 1);
    const runs = vi.fn(() => {
      throw new Error("always");
    });
    const failing = computed("failing", runs, [source]);
    run([failing]);
    expect(thrownBy(failing.read).message).toBe("always");
    expect(thrownBy(failing.read).message).toBe("always");
    expect(runs).toHaveBeenCalledTimes(1);
  });

  it("throws at its reader where there was no value yet, and lets those that follow recover with it", () => {
    const source = new Cell("source", -1);
    const root = computed(
      "root",
      () => {
        if (source.read() < 0) throw new RangeError("negative");
        return Math.sqrt(source.read());
      },
      [source],
    );
    const after = computed("after", () => root.read() + 1, [root]);
    run([after, root]);
    expect(thrownBy(after.read)).toEqual(new RangeError("negative"));
    expect(after.status()).toEqual({
      value: undefined,
      updatedAt: undefined,
      error: new RangeError("negative"),
      stale: false,
    });
    source.set(4);
    expect(after.read()).toBe(3);
  });

  it("may read in `onError` what depends on it", () => {
    const source = new Cell("source", 1);
    const seen: unknown[] = [];
    const failing = computed(
      "failing",
      () => {
        if (source.read() === 2) throw new Error("two");
        return source.read();
      },
      [source],
      { onError: () => void seen.push(after.read(), after.status().error) },
    );
    const after: Computed<number> = computed("after", () => failing.read() + source.read(), [
      failing,
      source,
    ]);
    run([failing, after]);
    source.set(2);
    expect(seen).toEqual([3, undefined]);
  });

  it("is an update that failed when `equal` throws", () => {
    const source = new Cell("source", 1);
    const equal = (): boolean => {
      throw new Error("incomparable");
    };
    const value = computed("value", () => source.read(), [source], { equal });
    run([value]);
    source.set(2);
    expect(value.status()).toMatchObject({ value: 1, error: new Error("incomparable") });
  });
});

describe("computed: while its actor does not run", () => {
  it("is computed for who reads it, once for each change, and follows no source", () => {
    const source = new Cell("source", 1);
    const a = sum("a", [source]);
    const b = sum("b", [a.value, source]);
    expect(b.value.read()).toBe(2);
    expect(b.value.read()).toBe(2);
    expect([a.runs, b.runs]).toEqual([1, 1]);
    source.set(2);
    expect(b.value.read()).toBe(4);
    expect(b.value.read()).toBe(4);
    expect([a.runs, b.runs]).toEqual([2, 2]);
    expect(source.listeners.size).toBe(0);
  });

  it("runs once for each change of a value of this package", async () => {
    const source = trigger("source", (_: number) => {}, { initialValue: 1 });
    const runs = vi.fn(() => source.read());
    const value = computed("value", runs, [source]);
    run([source]);
    value.read();
    value.read();
    await source.write(2);
    expect(value.read()).toBe(2);
    expect(value.read()).toBe(2);
    expect(runs).toHaveBeenCalledTimes(2);
  });

  it("sees an object that a provider has changed inside, though nobody told", () => {
    const source = new Cell("source", { count: 1 });
    const value = computed("value", () => source.read().count, [source]);
    expect(value.read()).toBe(1);
    source.read().count = 2;
    expect(value.read()).toBe(2);
  });

  it("is computed once for a function that reads it twice, though its object may change at any time", () => {
    const watched = new Cell("watched", 1);
    const unwatched = new Cell("unwatched", { count: 1 });
    const copy = computed("copy", () => ({ ...unwatched.read() }), [unwatched]);
    const isSame: boolean[] = [];
    const reader = computed("reader", () => isSame.push(copy.read() === copy.read()), [watched]);
    run([reader]);
    watched.set(2);
    expect(isSame).toEqual([true, true]);
  });

  it("sees what a provider has become that nobody watches any more", async () => {
    const source = new Cell("source", 1);
    const first = computed("first", () => source.read(), [source]);
    const second = computed("second", () => source.read(), [source]);
    const root = run([first, second]);
    await childOf(root, second).stop();
    expect(second.read()).toBe(1);
    await childOf(root, first).stop();
    source.set(2);
    expect(second.read()).toBe(2);
  });

  it("sees what a provider has become that nobody watches, also in the middle of a change", () => {
    const watched = new Cell("watched", 1);
    const unwatched = new Cell("unwatched", 1);
    const both = sum("sum", [watched, unwatched]);
    const reader = computed("reader", () => [watched.read(), both.value.read()], [watched]);
    run([reader]);
    expect(both.value.read()).toBe(2);
    unwatched.set(10);
    watched.set(2);
    expect(reader.read()).toEqual([2, 12]);
  });

  it("tells nobody, and what it has become when its life begins", async () => {
    const source = new Cell("source", 1);
    const value = computed("value", () => source.read(), [source]);
    const listener = vi.fn();
    value.onChange(listener);
    const collected = collect(value.subscribe());
    expect(value.read()).toBe(1);
    source.set(2);
    expect(value.read()).toBe(2);
    await settled();
    expect([collected.got, listener.mock.calls.length]).toEqual([[], 0]);
    run([value]);
    await settled();
    expect([collected.got, listener.mock.calls.length]).toEqual([[2], 1]);
  });

  it("is up to date where running values depend on it, and still tells nobody", () => {
    const source = new Cell("source", 1);
    const middle = sum("middle", [source]);
    const end = sum("end", [middle.value, source]);
    const listener = vi.fn();
    middle.value.onChange(listener);
    run([end.value]);
    source.set(2);
    source.set(3);
    expect([end.value.read(), middle.runs, end.runs]).toEqual([6, 3, 3]);
    expect(listener).not.toHaveBeenCalled();
  });

  it("over a crash and a restart, gives the present value, and broadcasts the last one when it is back", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const value = sum("value", [source]);
    const end = sum("end", [value.value]);
    const root = run([value.value, end.value], {
      restartDelay: { initial: 1_000, jitter: 0 },
      strategy: "one-for-one",
    });
    const collected = collect(value.value.subscribe());
    await pass(0);
    // A group whose other member crashes takes both along.
    await childOf(root, value.value).stop();
    source.set(2);
    source.set(3);
    await pass(0);
    expect([value.value.read(), end.value.read()]).toEqual([3, 3]);
    expect(collected.got).toEqual([]);
    const again = collect(value.value.subscribe());
    expect(again.got).toEqual([]);
    root.spawn(value.value);
    const { runs } = value;
    source.set(4);
    expect([value.value.read(), end.value.read(), value.runs - runs]).toEqual([4, 4, 1]);
  });

  it("broadcasts at the begin of its next life what it became meanwhile, and nothing else", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const value = sum("value", [source]);
    let lives = 0;
    const crasher = {
      name: "crasher",
      run: async ({ signal }: { signal: AbortSignal }) => {
        if (lives++ < 2) await pass(0);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    };
    const root = run([value.value, crasher], {
      strategy: "one-for-all",
      restartDelay: { initial: 1_000, jitter: 0 },
    });
    await pass(0);
    const collected = collect(value.value.subscribe());
    const runs = value.runs;
    await childOf(root, value.value).restart();
    await pass(0);
    expect([collected.got, value.runs - runs]).toEqual([[], 0]);
  });

  it("tries anew in the next life what had failed, and those that follow hear of it", async () => {
    let isBroken = true;
    const source = new Cell("source", 1);
    const value = computed(
      "value",
      () => {
        if (isBroken) throw new Error("broken");
        return source.read();
      },
      [source],
    );
    const after = computed("after", () => value.read() + 1, [value]);
    const notRunning = computed("not running", () => value.read() * 10, [value]);
    const root = run([value, after]);
    isBroken = false;
    expect(thrownBy(after.read).message).toBe("broken");
    expect(thrownBy(notRunning.read).message).toBe("broken");
    await childOf(root, value).restart();
    expect([value, after, notRunning].map((one) => one.read())).toEqual([1, 2, 10]);
  });

  it("leaves nothing behind at its sources when it has stopped", async () => {
    const source = new Cell("source", 1);
    const a = sum("a", [source]);
    const b = sum("b", [a.value]);
    const root = run([b.value]);
    expect(source.listeners.size).toBe(1);
    await root.stop();
    expect(source.listeners.size).toBe(0);
    source.set(5);
    expect(b.value.read()).toBe(5);
  });

  it("is followed again after it was stopped and started", async () => {
    const source = new Cell("source", 1);
    const a = sum("a", [source]);
    const b = sum("b", [a.value]);
    const root = run([a.value, b.value]);
    await childOf(root, a.value).stop();
    source.set(2);
    expect(b.value.read()).toBe(2);
    root.spawn(a.value);
    source.set(3);
    expect([b.value.read(), a.runs, b.runs]).toEqual([3, 3, 3]);
  });
});

describe("computed: coalesceWindow", () => {
  it("gathers a burst: one run and one notification when the window is over", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const value = {
      runs: 0,
      computed: computed(
        "value",
        () => {
          value.runs++;
          return source.read();
        },
        [source],
        { coalesceWindow: 50 },
      ),
    };
    const listener = vi.fn();
    run([value.computed]);
    value.computed.onChange(listener);
    const collected = collect(value.computed.subscribe());
    for (let at = 1; at <= 5; at++) {
      source.set(at);
      await pass(9);
    }
    expect([value.runs, listener.mock.calls.length]).toEqual([1, 0]);
    await pass(5);
    expect([value.runs, listener.mock.calls.length, collected.got]).toEqual([2, 1, [5]]);
    await pass(1_000);
    source.set(6);
    await pass(50);
    expect([value.runs, listener.mock.calls.length, collected.got]).toEqual([3, 2, [5, 6]]);
  });

  it("computes at once for who reads within the window, and notifies when it is over", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const value = computed("value", () => source.read() * 10, [source], { coalesceWindow: 50 });
    const after = computed("after", () => value.read() + 1, [value]);
    const listener = vi.fn();
    run([value, after]);
    after.onChange(listener);
    source.set(1);
    expect([source.read(), value.read(), after.read()]).toEqual([1, 10, 11]);
    expect(listener).not.toHaveBeenCalled();
    await pass(50);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(after.read()).toBe(11);
  });

  it("holds those that come from it alone, and not those that come from the source as well", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const slow = computed("slow", () => source.read() * 10, [source], { coalesceWindow: 50 });
    const alone = sum("alone", [slow]);
    const both = sum("both", [source, slow]);
    run([slow, alone.value, both.value]);
    const told: string[] = [];
    slow.onChange(() => void told.push("slow"));
    alone.value.onChange(() => void told.push("alone"));
    both.value.onChange(() => void told.push(`both: ${both.value.read()}`));
    source.set(2);
    expect(told).toEqual(["both: 22"]);
    expect([alone.runs, both.runs]).toEqual([1, 2]);
    await pass(50);
    expect(told).toEqual(["both: 22", "slow", "alone"]);
    expect([alone.runs, both.runs]).toEqual([2, 2]);
  });

  it("lets those that waited for it follow when it stops, and leaves no timer", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const slow = computed("slow", () => source.read() * 10, [source], { coalesceWindow: 50 });
    const alone = sum("alone", [slow]);
    const root = run([slow, alone.value]);
    const listener = vi.fn();
    alone.value.onChange(listener);
    await pass(0);
    source.set(2);
    await childOf(root, slow).stop();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(alone.value.read()).toBe(20);
    expect(vi.getTimerCount()).toBe(0);
    source.set(3);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe("computed: dependencies (B5)", () => {
  it("may be a function, which is asked once, when it is computed first", () => {
    const dependencies = vi.fn(() => [later]);
    const early = computed("early", () => later.read() + 1, dependencies);
    const later = new Cell("later", 1);
    expect(dependencies).not.toHaveBeenCalled();
    run([early]);
    later.set(5);
    expect(early.read()).toBe(6);
    expect(dependencies).toHaveBeenCalledTimes(1);
  });

  it("may be none: it is computed once", () => {
    const runs = vi.fn(() => 42);
    const constant = computed("constant", runs, []);
    expect(constant.read()).toBe(42);
    run([constant]);
    expect(constant.read()).toBe(42);
    expect(runs).toHaveBeenCalledTimes(1);
  });

  it("may name one twice", () => {
    const source = new Cell("source", 1);
    const value = sum("value", [source, source]);
    run([value.value]);
    source.set(2);
    expect([value.value.read(), value.runs]).toEqual([4, 2]);
  });

  it("are those of the list that was given, whatever becomes of the list", () => {
    const source = new Cell("source", 1);
    const list = [source];
    const value = computed("value", () => source.read(), list);
    list.pop();
    run([value]);
    source.set(2);
    expect(value.read()).toBe(2);
  });

  it("in a cycle are refused with the path, for who reads and for who starts", async () => {
    const a: Computed<number> = computed(
      "a",
      () => c.read(),
      () => [c],
    );
    const b: Computed<number> = computed("b", () => a.read(), [a]);
    const c: Computed<number> = computed(
      "c",
      () => b.read(),
      () => [b],
    );
    const message = 'Cannot compute "a": it depends on itself: a → c → b → a';
    expect(thrownBy(a.read)).toBeInstanceOf(TypeError);
    expect(thrownBy(a.read).message).toBe(message);
    expect(thrownBy(b.read).message).toBe(
      'Cannot compute "b": it depends on itself: b → a → c → b',
    );
    expect(a.status().error!.message).toBe(message);
    const crashes: Error[] = [];
    run([a], { policy: "temporary", onError: (_, error) => crashes.push(error) });
    await settled();
    expect(crashes.map((error) => error.message)).toEqual([message]);
  });

  it("in a cycle behind others are refused with the path of the cycle alone", () => {
    const a: Computed<number> = computed(
      "a",
      () => b.read(),
      () => [b],
    );
    const b: Computed<number> = computed(
      "b",
      () => c.read(),
      () => [c],
    );
    const c: Computed<number> = computed(
      "c",
      () => b.read(),
      () => [b],
    );
    expect(thrownBy(a.read).message).toBe('Cannot compute "b": it depends on itself: b → c → b');
  });

  it("may be repaired: what was refused is asked again", () => {
    const source = new Cell("source", 1);
    let isRepaired = false;
    const a: Computed<number> = computed(
      "a",
      () => (isRepaired ? source : b).read(),
      () => [isRepaired ? source : b],
    );
    const b: Computed<number> = computed("b", () => a.read() + 1, [a]);
    expect(thrownBy(b.read).message).toContain("b → a → b");
    isRepaired = true;
    expect(b.read()).toBe(2);
  });

  it("that are read in the function that returns them are a cycle as well", () => {
    const a: Computed<number> = computed(
      "a",
      () => 1,
      () => (a.read() > 0 ? [] : []),
    );
    expect(thrownBy(a.read).message).toBe('Cannot compute "a": it depends on itself: a → a');
  });

  it("that a function does not declare, but reads, are refused where they lead back", () => {
    const source = new Cell("source", 1);
    const onError = vi.fn();
    const a: Computed<number> = computed("a", () => source.read() + c.read(), [source], {
      onError,
    });
    const b: Computed<number> = computed("b", () => a.read(), [a]);
    const c: Computed<number> = computed("c", () => b.read(), [b]);
    const message = 'Cannot read "a": it depends on itself: a → c → b → a';
    expect(thrownBy(a.read).message).toBe(message);
    expect(onError.mock.calls[0]![0]).toMatchObject({ message });
    run([a, b, c]);
    source.set(2);
    expect(thrownBy(c.read).message).toBe(message);
  });

  it("on itself are refused where it reads itself", () => {
    const source = new Cell("source", 1);
    const total: Computed<number> = computed("total", () => total.read() + source.read(), [source]);
    run([total]);
    expect(thrownBy(total.read).message).toBe(
      'Cannot read "total": it depends on itself: total → total',
    );
  });

  it("in a cycle through a throttle, which passes on at once, are refused", () => {
    const a: Computed<number> = computed(
      "a",
      () => source.read() + rare.read(),
      () => [source, rare],
    );
    const rare: Throttle<number> = throttle("rare", a, 10);
    const source = new Cell("source", 1);
    expect(thrownBy(a.read).message).toBe('Cannot compute "a": it depends on itself: a → rare → a');
  });

  it("through a debounce, which always waits, are no cycle", async () => {
    fakeTime();
    const start = trigger("start", (_: number) => {}, { initialValue: 0 });
    const next: Computed<number> = computed(
      "next",
      () => (start.read() === 0 ? 0 : Math.min(calm.read() + 1, 3)),
      () => [start, calm],
      { equal: Object.is },
    );
    const calm: Debounce<number> = debounce("calm", next, 10);
    run([start, next, calm]);
    await pass(50);
    await start.write(1);
    expect(next.read()).toBe(1);
    await pass(10);
    expect(next.read()).toBe(2);
    await pass(50);
    expect([next.read(), calm.read(), next.status().stale]).toEqual([3, 3, false]);
  });

  it("through a link and a trigger are no cycle", async () => {
    const level = trigger("level", (_: number) => {}, { initialValue: 0, initialNotify: true });
    const next = computed("next", () => Math.min(level.read() + 1, 5), [level], {
      equal: Object.is,
      initialNotify: true,
    });
    const feedback = link("feedback", next, level);
    run([level, next, feedback]);
    for await (const value of next.subscribe()) if (value === 5) break;
    await settled();
    expect([level.read(), next.read()]).toEqual([5, 5]);
  });

  it.each([
    [
      () => computed("c", () => 1, [{ read: () => 1 }] as never),
      'Cannot create computed "c": `dependencies[0]` must be something with `onChange` or `watch`, got an object',
    ],
    [
      () => computed("c", () => 1, [new Cell("cell", 1), 42] as never),
      "`dependencies[1]` must be something with `onChange` or `watch`, got 42",
    ],
    [() => computed("c", () => 1, [null] as never), "got null"],
    [
      () => computed("c", () => 1, undefined as never),
      "`dependencies` must be an array, or a function that returns one, got undefined",
    ],
    [
      () =>
        computed(
          "c",
          () => 1,
          () => 7 as never,
        ).read(),
      'Cannot compute "c": `dependencies` must be an array, or a function that returns one, got 7',
    ],
    [
      () =>
        computed(
          "c",
          () => 1,
          () => ["x"] as never,
        ).read(),
      'Cannot compute "c": `dependencies[0]` must be something with `onChange` or `watch`, got "x"',
    ],
    [() => computed("c", 1 as never, []), "`compute` must be a function, got 1"],
  ])("%#: that are none are refused", (act, message) => {
    const error = thrownBy(act);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
  });

  it.each([-1, Number.NaN, Infinity])("a window of %s is refused", (coalesceWindow) => {
    const error = thrownBy(() => computed("c", () => 1, [], { coalesceWindow }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain("`coalesceWindow` must be milliseconds from 0 to 2147483647");
  });
});

describe("computed: status", () => {
  it("is stale when anything that it comes from is, also over what follows later", async () => {
    fakeTime();
    let isOnline = true;
    const level = signal(
      "level",
      () => {
        if (!isOnline) throw new Error("offline");
        return 1;
      },
      { interval: 100, initialValue: 0, staleAfter: 250 },
    );
    const other = new Cell("other", 1);
    const double = computed("double", () => level.read() * 2, [other, level]);
    const end = computed("end", () => double.read() + 1, [double]);
    run([level, double, end]);
    isOnline = false;
    await pass(200);
    expect([level, double, end].map((one) => one.status().stale)).toEqual([false, false, false]);
    await pass(50);
    expect([level, double, end].map((one) => one.status().stale)).toEqual([true, true, true]);
    isOnline = true;
    await pass(100);
    expect([level, double, end].map((one) => one.status().stale)).toEqual([false, false, false]);
  });

  it("has the time of the change that it was computed for", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const value = computed("value", () => source.read(), [source], { equal: Object.is });
    expect(value.status().updatedAt).toBe(Date.now());
    run([value]);
    await pass(5);
    source.set(1);
    expect(value.status().updatedAt).toBe(Date.now());
    vi.setSystemTime(Date.now() + 1_000);
    source.set(2);
    expect(value.status().updatedAt).toBe(Date.now());
  });
});
