import { getEventListeners } from "node:events";
import { computed, debounce, signal, throttle, trigger, type Value } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, collect, fakeTime, Log, pass, run, settled } from "./scene.ts";

/** A running trigger: what is written to it is broadcast. */
function written(
  options: { subscriberBuffer?: number; initialNotify?: boolean; initialValue?: number } = {},
) {
  const source = trigger("source", (_: number) => {}, options);
  const root = run([source]);
  const write = async (...values: number[]): Promise<void> => {
    for (const value of values) await source.write(value);
  };
  return { source, root, write };
}

describe("subscribe: a slow consumer loses the oldest values, never the newest (B1)", () => {
  it("keeps 16 where nothing is said, and counts what it lost", async () => {
    const { source, write } = written();
    const subscription = source.subscribe();
    for (let value = 1; value <= 20; value++) await write(value);
    expect(subscription.dropped).toBe(4);
    const got: number[] = [];
    for (let count = 0; count < 16; count++) got.push((await subscription.next()).value!);
    expect(got).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    await write(21);
    expect(await subscription.next()).toEqual({ value: 21, done: false });
    expect(subscription.dropped).toBe(4);
  });

  it("keeps `subscriberBuffer`, wherever it is in its buffer", async () => {
    const { source, write } = written({ subscriberBuffer: 3 });
    const subscription = source.subscribe();
    await write(1, 2);
    expect(await subscription.next()).toMatchObject({ value: 1 });
    await write(3, 4, 5);
    expect(subscription.dropped).toBe(1);
    const rest = [];
    for (let count = 0; count < 3; count++) rest.push((await subscription.next()).value);
    expect(rest).toEqual([3, 4, 5]);
  });

  it("slows neither the source nor the others", async () => {
    const { source, write } = written({ subscriberBuffer: 1 });
    const slow = source.subscribe();
    const quick = collect(source.subscribe());
    await write(1, 2, 3);
    await settled();
    expect(quick.got).toEqual([1, 2, 3]);
    expect(await slow.next()).toEqual({ value: 3, done: false });
    expect(slow.dropped).toBe(2);
  });

  it("hands values over in the order in which they were asked for", async () => {
    const { source, write } = written();
    const subscription = source.subscribe();
    const asked = [subscription.next(), subscription.next(), subscription.next()];
    await write(1, 2, 3);
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(subscription.dropped).toBe(0);
  });
});

describe("subscribe: initialNotify", () => {
  it("begins with the current value, and does not repeat it", async () => {
    const { source, write } = written({ initialNotify: true });
    await write(1);
    const subscription = source.subscribe();
    expect(await subscription.next()).toEqual({ value: 1, done: false });
    const later = collect(subscription);
    await settled();
    expect(later.got).toEqual([]);
    await write(2);
    await settled();
    expect(later.got).toEqual([2]);
  });

  it("begins with the initial value where there was no update", async () => {
    const { source } = written({ initialNotify: true, initialValue: 7 });
    expect(await source.subscribe().next()).toEqual({ value: 7, done: false });
  });

  it("begins with the first update where there is no value", async () => {
    const { source, write } = written({ initialNotify: true });
    const collected = collect(source.subscribe());
    await settled();
    expect(collected.got).toEqual([]);
    await write(1);
    await settled();
    expect(collected.got).toEqual([1]);
  });

  it("begins with the next update without it", async () => {
    const { source, write } = written({ initialValue: 7 });
    const collected = collect(source.subscribe());
    await write(8);
    await settled();
    expect(collected.got).toEqual([8]);
  });

  it("does not give a computed value twice when its actor starts later", async () => {
    const cell = new Cell("cell", 1);
    const double = computed("double", () => cell.read() * 2, [cell], { initialNotify: true });
    const collected = collect(double.subscribe());
    run([double]);
    await settled();
    expect(collected.got).toEqual([2]);
  });

  it("is silent where a computed value has failed so far", async () => {
    const cell = new Cell<string>("cell", "{");
    const parsed = computed("parsed", () => JSON.parse(cell.read()) as unknown, [cell], {
      initialNotify: true,
    });
    run([parsed]);
    const collected = collect(parsed.subscribe());
    await settled();
    expect(collected.got).toEqual([]);
    cell.set("[1]");
    await settled();
    expect(collected.got).toEqual([[1]]);
  });
});

describe("subscribe: ends at once, with no listener left (B7)", () => {
  it("when its loop breaks", async () => {
    const { source, write } = written();
    const { signal } = new AbortController();
    const subscription = source.subscribe({ signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await write(1, 2);
    for await (const value of subscription) {
      expect(value).toBe(1);
      break;
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await write(3);
    expect(await subscription.next()).toEqual({ value: undefined, done: true });
  });

  it("when it is returned, also while somebody waits", async () => {
    const { source, write } = written();
    const subscription = source.subscribe();
    const asked = subscription.next();
    expect(await subscription.return()).toEqual({ value: undefined, done: true });
    expect(await asked).toEqual({ value: undefined, done: true });
    await write(1);
    expect(await subscription.next()).toEqual({ value: undefined, done: true });
    expect(subscription.dropped).toBe(0);
  });

  it("when it is disposed of", async () => {
    const { source, write } = written();
    const subscription = source.subscribe();
    {
      await using _ = subscription;
      await write(1);
    }
    expect(await subscription.next()).toEqual({ value: undefined, done: true });
  });

  it("when its signal aborts: quietly, and without what was buffered", async () => {
    const { source, write } = written();
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = collect(source.subscribe({ signal }));
    const buffered = source.subscribe({ signal });
    await write(1);
    await settled();
    controller.abort(new Error("enough"));
    await settled();
    expect(waiting).toEqual({ got: [1], isOver: true });
    expect(await buffered.next()).toEqual({ value: undefined, done: true });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("before it begins when its signal is aborted already", async () => {
    const { source, write } = written({ initialNotify: true, initialValue: 1 });
    const signal = AbortSignal.abort();
    const collected = collect(source.subscribe({ signal }));
    const notified = collect(source.watch({ signal }));
    await write(2);
    await settled();
    expect(collected).toEqual({ got: [], isOver: true });
    expect(notified).toEqual({ got: [], isOver: true });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("and is not kept by the value that it followed", async () => {
    const { source, write } = written();
    const controller = new AbortController();
    const ended = await (async () => {
      const subscriptions = [
        source.subscribe(),
        source.subscribe({ signal: controller.signal }),
        source.watch(),
      ];
      await write(1);
      await subscriptions[0]!.return();
      controller.abort();
      for await (const _ of subscriptions[2]!) break;
      return subscriptions.map((one) => new WeakRef(one));
    })();
    await settled();
    globalThis.gc!();
    expect(ended.map((one) => one.deref())).toEqual([undefined, undefined, undefined]);
    await write(2);
  });

  it("a thousand times, and leaves nothing on a long-lived signal", async () => {
    const { source, write } = written();
    const { signal } = new AbortController();
    const subscriptions = Array.from({ length: 1_000 }, () => source.subscribe({ signal }));
    await write(1);
    for (const subscription of subscriptions) await subscription.return();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("subscribe: goes on over a crash, and ends when the actor has stopped for good (B7)", () => {
  const kinds: [string, (cell: Cell<number>) => Value<number>][] = [
    ["signal", (cell) => signal("value", () => cell.read(), { initialValue: 0, interval: 100 })],
    ["computed", (cell) => computed("value", () => cell.read(), [cell])],
    ["debounce", (cell) => debounce("value", cell, 10)],
    ["throttle", (cell) => throttle("value", cell, 10)],
    ["trigger", () => trigger("value", (_: number) => {}, { initialValue: 0 })],
  ];

  it.each(kinds)("%s", async (kind, create) => {
    fakeTime();
    const cell = new Cell("cell", 0);
    const value = create(cell);
    const root = run([value]);
    await pass(0);
    const update = async (next: number): Promise<void> => {
      cell.set(next);
      if (kind === "trigger")
        await (value as unknown as { write(v: number): Promise<void> }).write(next);
      await pass(200);
    };
    const collected = collect(value.subscribe());
    const notified = collect(value.watch());
    await update(1);
    expect(collected.got).toContain(1);
    await childOf(root, value).restart();
    await update(2);
    expect(collected.got.at(-1)).toBe(2);
    expect(collected.isOver || notified.isOver).toBe(false);

    await root.stop();
    await settled();
    expect(collected.isOver && notified.isOver).toBe(true);
    const late = collect(value.subscribe());
    await settled();
    expect(late).toEqual({ got: [], isOver: true });

    root.start();
    const again = collect(value.subscribe());
    await update(3);
    expect(again.got.at(-1)).toBe(3);
    expect(again.isOver).toBe(false);
    await root.stop();
    await settled();
    expect(again.isOver).toBe(true);
  });

  it("gives what is buffered before it ends", async () => {
    const { source, root, write } = written();
    const subscription = source.subscribe();
    await write(1, 2);
    await root.stop();
    await settled();
    expect(await subscription.next()).toEqual({ value: 1, done: false });
    expect(await subscription.next()).toEqual({ value: 2, done: false });
    expect(await subscription.next()).toEqual({ value: undefined, done: true });
  });

  it("ends when one child is stopped for good, and not by a restart of its group", async () => {
    const source = trigger("source", (_: number) => {});
    const other = trigger("other", (_: number) => {});
    const root = run([source, other], { strategy: "one-for-all" });
    const collected = collect(source.subscribe());
    await source.write(1);
    await childOf(root, other).restart();
    await source.write(2);
    await settled();
    expect(collected).toEqual({ got: [1, 2], isOver: false });
    await childOf(root, source).stop();
    await settled();
    expect(collected.isOver).toBe(true);
  });

  it("disturbs no observer: nothing is undelivered when a value stops", async () => {
    const undelivered = vi.fn();
    const source = signal("source", () => 1);
    const root = run([source], { observer: { onMessageUndelivered: undelivered } });
    collect(source.subscribe());
    await settled();
    await root.stop();
    expect(undelivered).not.toHaveBeenCalled();
  });
});

describe("watch", () => {
  it("notifies without a value, once for all that changed while nobody looked", async () => {
    const { source, write } = written();
    const watching = source.watch();
    await write(1, 2, 3);
    const collected = collect(watching);
    await settled();
    expect(collected.got).toEqual([undefined]);
    await write(4);
    await settled();
    expect(collected.got).toEqual([undefined, undefined]);
    expect(watching.dropped).toBe(2);
  });

  it("begins with a notification where the value has `initialNotify`", async () => {
    const { source } = written({ initialNotify: true, initialValue: 1 });
    expect(await source.watch().next()).toEqual({ value: undefined, done: false });
  });

  it("ends as a subscription does", async () => {
    const { source, root, write } = written();
    const controller = new AbortController();
    const byBreak = source.watch();
    const bySignal = collect(source.watch({ signal: controller.signal }));
    const byStop = collect(source.watch());
    await write(1);
    for await (const _ of byBreak) break;
    controller.abort();
    await root.stop();
    await settled();
    expect(await byBreak.next()).toEqual({ value: undefined, done: true });
    expect([bySignal.isOver, byStop.isOver]).toEqual([true, true]);
  });
});

describe("onChange: a listener that fails harms nobody, and is reported (B11)", () => {
  it("calls the others, lets the writer through, and tells `onError` and the logger", async () => {
    const log = new Log();
    const onError = vi.fn();
    const source = trigger("source", (_: number) => {}, { onError });
    run([source], { logger: log });
    const calls: string[] = [];
    source.onChange(() => void calls.push("first"));
    source.onChange(() => {
      throw new Error("listener threw");
    });
    // oxlint-disable-next-line typescript/no-misused-promises
    source.onChange(() => Promise.reject(new Error("listener rejected")));
    source.onChange(() => {
      throw "no error";
    });
    source.onChange(() => void calls.push("last"));
    const collected = collect(source.subscribe());
    await source.write(1);
    await settled();
    expect(calls).toEqual(["first", "last"]);
    expect(collected.got).toEqual([1]);
    expect(onError.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      "listener threw",
      'A listener of trigger "source" failed: no error',
      "listener rejected",
    ]);
    expect(log.lines.map(({ message }) => message)).toEqual(
      Array.from({ length: 3 }, () => 'a listener of trigger "source" failed'),
    );
    expect(source.status()).toMatchObject({ value: 1, error: undefined });
  });
});

describe("onChange: listeners come and go at any time", () => {
  it("is not called after it was removed, nor twice for one listener added twice and removed once", async () => {
    const { source, write } = written();
    const listener = vi.fn();
    const remove = source.onChange(listener);
    const removeSecond = source.onChange(listener);
    await write(1);
    expect(listener).toHaveBeenCalledTimes(2);
    remove();
    remove();
    await write(2);
    expect(listener).toHaveBeenCalledTimes(3);
    removeSecond();
    await write(3);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it("does not call a listener that another one has just removed, and calls one that was added the next time", async () => {
    const { source, write } = written();
    const calls: string[] = [];
    const removals: (() => void)[] = [];
    source.onChange(() => {
      calls.push("a");
      for (const remove of removals.splice(0)) remove();
      if (calls.length === 1) source.onChange(() => void calls.push("new"));
    });
    removals.push(source.onChange(() => void calls.push("b")));
    removals.push(source.onChange(() => void calls.push("c")));
    source.onChange(() => void calls.push("d"));
    await write(1);
    expect(calls).toEqual(["a", "d"]);
    await write(2);
    expect(calls).toEqual(["a", "d", "a", "d", "new"]);
  });

  it("calls the ones behind a listener that removes itself and its neighbour", async () => {
    const { source, write } = written();
    const calls: string[] = [];
    const removals: (() => void)[] = [];
    removals.push(
      source.onChange(() => {
        calls.push("self");
        for (const remove of removals) remove();
      }),
    );
    removals.push(source.onChange(() => void calls.push("neighbour")));
    source.onChange(() => void calls.push("last"));
    await write(1, 2);
    expect(calls).toEqual(["self", "last", "last"]);
  });
});
