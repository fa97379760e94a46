import { type Computed, computed, debounce, signal, trigger } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, collect, fakeTime, pass, run, settled, thrownBy } from "./scene.ts";

describe("debounce: reads its source at creation (B8)", () => {
  it("and can be read at once, also while it does not run", () => {
    const source = new Cell("source", 7);
    const calm = debounce("calm", source, 100);
    expect(calm.read()).toBe(7);
    source.set(8);
    expect(calm.read()).toBe(7);
  });

  it("and takes the time of its last update along", async () => {
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    run([source]);
    await source.write(1);
    const calm = debounce("calm", source, 100);
    expect(calm.status()).toEqual({ ...source.status(), value: 1 });
  });

  it("throws where the source has had no value, until it passes one on", async () => {
    fakeTime();
    const source = new Cell("source", -1);
    const root = computed(
      "root",
      () => {
        if (source.read() < 0) throw new RangeError("negative");
        return Math.sqrt(source.read());
      },
      [source],
    );
    const calm = debounce("calm", root, 100);
    expect(thrownBy(calm.read)).toMatchObject({
      message: 'Cannot read "calm": its source has had no value yet',
      cause: new RangeError("negative"),
    });
    run([root, calm]);
    source.set(4);
    expect(calm.status().error).toBeInstanceOf(Error);
    await pass(100);
    expect(calm.status()).toMatchObject({ value: 2, error: undefined });
  });

  it("can be created before its source can be computed", async () => {
    fakeTime();
    const early: Computed<number> = computed(
      "early",
      () => later.read(),
      () => [later],
    );
    const calm = debounce("calm", early, 100);
    const later = new Cell("later", 1);
    run([early, calm]);
    await pass(100);
    expect(calm.read()).toBe(1);
  });
});

describe("debounce: passes a value on when its source has been quiet", () => {
  it("for `wait` ms, and then the last one", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100);
    run([calm]);
    const collected = collect(calm.subscribe());
    for (let value = 1; value <= 5; value++) {
      source.set(value);
      await pass(99);
    }
    expect([calm.read(), collected.got]).toEqual([0, []]);
    await pass(1);
    expect([calm.read(), collected.got]).toEqual([5, [5]]);
    await pass(1_000);
    expect(collected.got).toEqual([5]);
    source.set(6);
    await pass(100);
    expect(collected.got).toEqual([5, 6]);
  });

  it("or after `maxWait`, however loud it is", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100, { maxWait: 250 });
    run([calm]);
    const collected = collect(calm.subscribe());
    for (let value = 1; value <= 10; value++) {
      source.set(value);
      await pass(50);
    }
    // The first change came at 0, and the first after the pass at 250.
    expect(collected.got).toEqual([5, 10]);
    await pass(1_000);
    expect(collected.got).toEqual([5, 10]);
  });

  it("soon where `wait` is 0: never within the same turn", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 0);
    run([calm]);
    source.set(1);
    source.set(2);
    expect(calm.read()).toBe(0);
    await pass(1);
    expect(calm.read()).toBe(2);
  });

  it("and holds back what is equal", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const calm = debounce("calm", source, 100, { equal: Object.is });
    run([calm]);
    const listener = vi.fn();
    calm.onChange(listener);
    source.set(2);
    source.set(1);
    await pass(100);
    expect(listener).not.toHaveBeenCalled();
  });

  it("and shows an `equal` that throws as an error", async () => {
    fakeTime();
    const onError = vi.fn();
    const source = new Cell("source", 1);
    const equal = (): boolean => {
      throw new Error("incomparable");
    };
    const calm = debounce("calm", source, 100, { equal, onError });
    run([calm]);
    source.set(2);
    await pass(100);
    expect(calm.status()).toMatchObject({ value: 1, error: new Error("incomparable") });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("to what is computed from it", async () => {
    fakeTime();
    const source = new Cell("source", 1);
    const calm = debounce("calm", source, 100);
    const double = computed("double", () => calm.read() * 2, [calm]);
    run([calm, double]);
    source.set(2);
    expect(double.read()).toBe(2);
    await pass(100);
    expect(double.read()).toBe(4);
  });
});

describe("debounce: does not lose what is waiting", () => {
  it("when its source stops for good: it is passed on at once (B8)", async () => {
    fakeTime();
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    const calm = debounce("calm", source, 1_000);
    const root = run([source, calm]);
    const collected = collect(calm.subscribe());
    await source.write(1);
    await childOf(root, source).stop();
    await settled();
    expect([calm.read(), collected]).toEqual([1, { got: [1], isOver: false }]);
  });

  it("when its source crashes and comes back: it goes on waiting", async () => {
    fakeTime();
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    const calm = debounce("calm", source, 1_000);
    const root = run([source, calm]);
    await source.write(1);
    await childOf(root, source).restart();
    await pass(999);
    expect(calm.read()).toBe(0);
    await pass(1);
    expect(calm.read()).toBe(1);
  });

  it("when it crashes itself: the next life waits with it", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100);
    const root = run([calm]);
    source.set(1);
    await pass(50);
    await childOf(root, calm).restart();
    await pass(99);
    expect(calm.read()).toBe(0);
    await pass(1);
    expect(calm.read()).toBe(1);
  });

  it("and nothing twice: what was passed on is not waited with again", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100);
    const root = run([calm]);
    const listener = vi.fn();
    calm.onChange(listener);
    source.set(1);
    await pass(100);
    await childOf(root, calm).restart();
    await pass(1_000);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("nor what came while it did not run", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100);
    const root = run([calm]);
    await root.stop();
    source.set(1);
    root.start();
    await pass(100);
    expect(calm.read()).toBe(1);
  });

  it("nor anything of a source that was stopped and started again", async () => {
    fakeTime();
    const source = signal("source", () => ++count, { interval: 1_000 });
    let count = 0;
    const calm = debounce("calm", source, 100);
    const root = run([source, calm]);
    await pass(100);
    await childOf(root, source).stop();
    root.spawn(source);
    await pass(100);
    expect(calm.read()).toBe(2);
  });
});

describe("debounce: when it stops", () => {
  it("leaves no timer and no listener", async () => {
    fakeTime();
    const source = new Cell("source", 0);
    const calm = debounce("calm", source, 100);
    const root = run([calm]);
    source.set(1);
    await root.stop();
    expect([vi.getTimerCount(), source.listeners.size]).toEqual([0, 0]);
    expect(calm.read()).toBe(0);
  });
});

describe("debounce: refuses", () => {
  const source = new Cell("source", 1);

  it.each([
    [
      () => debounce("d", source, -1),
      RangeError,
      'Cannot create debounce "d": `wait` must be milliseconds from 0 to 2147483647, got -1',
    ],
    [
      () => debounce("d", source, "1" as never),
      TypeError,
      '`wait` must be milliseconds from 0 to 2147483647, got "1"',
    ],
    [
      () => debounce("d", source, 100, { maxWait: 99 }),
      RangeError,
      "`maxWait` must be milliseconds from 100 to 2147483647, got 99",
    ],
    [
      () => debounce("d", {} as never, 100),
      TypeError,
      "`source` must be something with `read`, and `onChange` or `watch`, got an object",
    ],
    [() => debounce("d", undefined as never, 100), TypeError, "got undefined"],
    [
      () => debounce("d", { watch() {} } as never, 100),
      TypeError,
      "`source` must be something with `read`",
    ],
    [
      () => debounce("", source, 100),
      RangeError,
      'Cannot create debounce: `name` must be a string that is not empty, got ""',
    ],
    [
      () => debounce("d", source, 100, { equal: 1 as never }),
      TypeError,
      "`equal` must be a function, got 1",
    ],
  ])("%#: what makes no sense", (create, kind, message) => {
    const error = thrownBy(create);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });
});
