import { computed, throttle, trigger } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, collect, fakeTime, pass, run, settled, thrownBy } from "./scene.ts";

describe("throttle: never delays a first value, never drops the last (B8)", () => {
  it("passes the first at once, then at most one per interval, always the latest", async () => {
    fakeTime();
    const start = Date.now();
    const source = new Cell("source", 0);
    const rare = throttle("rare", source, 100);
    run([rare]);
    const passed: [number, number][] = [];
    rare.onChange(() => void passed.push([Date.now() - start, rare.read()]));
    for (let value = 1; value <= 25; value++) {
      source.set(value);
      await pass(10);
    }
    await pass(1_000);
    expect(passed).toEqual([
      [0, 1],
      [100, 10],
      [200, 20],
      [300, 25],
    ]);
    source.set(26);
    expect(passed.at(-1)).toEqual([1_250, 26]);
  });

  it("tries anew in its next life what could not be read", async () => {
    fakeTime();
    const cell = new Cell("cell", 1);
    let isBroken = false;
    const source = {
      onChange: (listener: () => void) => cell.onChange(listener),
      read(): number {
        if (isBroken) throw new Error("broken");
        return cell.read();
      },
    };
    const rare = throttle("rare", source, 100);
    const root = run([rare]);
    isBroken = true;
    cell.set(2);
    expect(rare.status()).toMatchObject({ value: 1, error: new Error("broken") });
    isBroken = false;
    await childOf(root, rare).restart();
    expect(rare.status()).toMatchObject({ value: 2, error: undefined });
  });

  it("keeps what it has while it does not run, also where a change was on its way when it stopped", async () => {
    fakeTime();
    const cell = new Cell("cell", 1);
    const slow = computed("slow", () => cell.read(), [cell], { coalesceWindow: 100 });
    const rare = throttle("rare", slow, 10);
    const root = run([slow, rare]);
    cell.set(2);
    await childOf(root, rare).stop();
    expect(rare.read()).toBe(1);
    await pass(100);
    expect([slow.read(), rare.read()]).toEqual([2, 1]);
    root.spawn(rare);
    await settled();
    expect(rare.read()).toBe(2);
  });

  it("opens again after a quiet interval", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const rare = throttle("rare", source, 100);
    run([rare]);
    source.set(1);
    await pass(100);
    source.set(2);
    expect(rare.read()).toBe(2);
  });

  it("reads its source at creation, and can be read at once", () => {
    const source = new Cell("source", 7);
    const rare = throttle("rare", source, 100);
    source.set(8);
    expect(rare.read()).toBe(7);
  });

  it("does not pass the value on that it was created with", async () => {
    fakeTime();
    const source = trigger("source", (_: number) => {}, { initialValue: 1 });
    const rare = throttle("rare", source, 100);
    const listener = vi.fn();
    rare.onChange(listener);
    run([source, rare]);
    await pass(1_000);
    expect(listener).not.toHaveBeenCalled();
  });

  it("passes on at once what came before its life began", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const rare = throttle("rare", source, 100);
    source.set(2);
    run([rare]);
    expect(rare.read()).toBe(2);
  });

  it("passes on what is waiting when its source stops for good", async () => {
    fakeTime();
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    const rare = throttle("rare", source, 1_000);
    const root = run([source, rare]);
    const collected = collect(rare.subscribe());
    await source.write(1);
    await source.write(2);
    await childOf(root, source).stop();
    await settled();
    expect([rare.read(), collected]).toEqual([2, { got: [1, 2], isOver: false }]);
  });

  it("passes on what is waiting when its next life begins", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const rare = throttle("rare", source, 1_000);
    const root = run([rare]);
    source.set(1);
    source.set(2);
    await childOf(root, rare).restart();
    expect(rare.read()).toBe(2);
  });
});

describe("throttle: is part of the graph (B4)", () => {
  it("what passes at once passes before anything is computed from it", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const rare = throttle("rare", source, 100);
    const seen: string[] = [];
    const both = computed(
      "both",
      () => {
        seen.push(`${source.read()}/${rare.read()}`);
      },
      [source, rare],
    );
    run([both, rare]);
    seen.length = 0;
    source.set(2);
    source.set(3);
    await pass(100);
    expect(seen).toEqual(["2/2", "3/2", "3/3"]);
  });

  it("a listener of its source sees it passed", () => {
    const source = new Cell("source", 1);
    const middle = computed("middle", () => source.read() * 10, [source]);
    const rare = throttle("rare", middle, 1_000);
    run([middle, rare]);
    const seen: number[] = [];
    middle.onChange(() => void seen.push(rare.read()));
    source.set(2);
    expect(seen).toEqual([20]);
  });

  it("a throttle of a throttle of a computed follows within the same change", () => {
    const source = new Cell("source", 1);
    const middle = computed("middle", () => source.read() * 10, [source]);
    const first = throttle("first", middle, 1_000);
    const second = throttle("second", first, 1_000);
    run([second, first, middle]);
    source.set(2);
    expect([first.read(), second.read()]).toEqual([20, 20]);
  });
});

describe("throttle: equal", () => {
  it("holds back what is equal, which costs no interval", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const rare = throttle("rare", source, 100, { equal: Object.is });
    run([rare]);
    const listener = vi.fn();
    rare.onChange(listener);
    source.set(1);
    expect(listener).not.toHaveBeenCalled();
    source.set(2);
    expect(listener).toHaveBeenCalledTimes(1);
    source.set(3);
    source.set(2);
    await pass(100);
    expect(listener).toHaveBeenCalledTimes(1);
    source.set(4);
    expect(rare.read()).toBe(4);
  });

  it("that throws leaves the value, and shows as an error until the next value passes", async () => {
    fakeTime();
    const onError = vi.fn();
    const source = new Cell("source", 1);
    const equal = (_: number, after: number): boolean => {
      if (after === 2) throw new Error("incomparable");
      return false;
    };
    const rare = throttle("rare", source, 100, { equal, onError });
    run([rare]);
    source.set(2);
    expect(rare.status()).toMatchObject({ value: 1, error: new Error("incomparable") });
    expect(onError).toHaveBeenCalledTimes(1);
    source.set(3);
    expect(rare.status()).toMatchObject({ value: 3, error: undefined });
  });
});

describe("throttle: when it stops", () => {
  it("leaves no timer and no listener, and follows again when it is started", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const rare = throttle("rare", source, 100);
    const root = run([rare]);
    source.set(1);
    await root.stop();
    expect([vi.getTimerCount(), source.listeners.size]).toEqual([0, 0]);
    source.set(2);
    expect(rare.read()).toBe(1);
    root.start();
    expect(rare.read()).toBe(2);
  });
});

describe("throttle: refuses", () => {
  const source = new Cell("source", 1);

  it.each([
    [
      () => throttle("t", source, 0),
      RangeError,
      'Cannot create throttle "t": `interval` must be milliseconds from 1 to 2147483647, got 0',
    ],
    [() => throttle("t", source, -5), RangeError, "got -5"],
    [() => throttle("t", source, undefined as never), TypeError, "got undefined"],
    [
      () => throttle("t", 5 as never, 1),
      TypeError,
      "`source` must be something with `read`, and `onChange` or `watch`, got 5",
    ],
    [
      () => throttle(undefined as never, source, 1),
      TypeError,
      "Cannot create throttle: `name` must be a string that is not empty, got undefined",
    ],
  ])("%#: what makes no sense", (create, kind, message) => {
    const error = thrownBy(create);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });
});
