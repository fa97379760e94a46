import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { Feed, type FeedIterator } from "../../src/adapter.ts";

const over = { value: undefined, done: true };

function feedOf(...items: number[]): Feed<number> {
  const feed = new Feed<number>('read the values of "meter"');
  for (const item of items) feed.publish(item);
  return feed;
}

function waitingFeed(): Feed<number> {
  return new Feed<number>('read the values of "meter"', "wait");
}

async function readAll(values: AsyncIterable<number>): Promise<number[]> {
  const read: number[] = [];
  for await (const value of values) read.push(value);
  return read;
}

async function take(values: FeedIterator<number>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) taken.push((await values.next()).value);
  return taken;
}

/** Whether there is room now, and what is told of it later. */
function roomOf(feed: Feed<number>): { now: boolean; later: boolean } {
  const seen = { now: feed.room === undefined, later: false };
  void feed.room?.then(() => (seen.later = true));
  return seen;
}

describe("Feed", () => {
  it("gives each reader every item from its beginning on", async () => {
    const feed = feedOf(1);
    expect(feed.isEmpty).toBe(true);
    const early = feed.read();
    expect(feed.isEmpty).toBe(false);
    feed.publish(2);
    const late = feed.read();
    feed.publish(3);
    feed.end();
    expect([await readAll(early), await readAll(late)]).toEqual([[2, 3], [3]]);
    expect(feed.isEmpty).toBe(true);
  });

  it("answers those who asked before there was an item, in their order", async () => {
    const feed = feedOf();
    const reader = feed.read();
    const asked = [reader.next(), reader.next(), reader.next()];
    feed.publish(1);
    feed.publish(2);
    feed.end();
    const results = await Promise.all(asked);
    expect(results.map(({ value }) => value)).toEqual([1, 2, undefined]);
    expect(results.map(({ done }) => done)).toEqual([false, false, true]);
  });

  it("keeps the newest `buffer` items for a slow reader, and counts the others", async () => {
    const feed = feedOf();
    const [usual, few] = [feed.read(), feed.read({ buffer: 2 })];
    for (let item = 1; item <= 300; item++) feed.publish(item);
    expect([usual.dropped, few.dropped]).toEqual([44, 298]);
    expect(await take(few, 2)).toEqual([299, 300]);
    expect(await take(usual, 1)).toEqual([45]);
    feed.publish(301);
    expect([await take(few, 1), few.dropped]).toEqual([[301], 298]);
  });

  it("gives items that are no values: `undefined`, `null`, 0", async () => {
    const feed = new Feed<unknown>("read");
    const reader = feed.read();
    for (const item of [undefined, null, 0]) feed.publish(item);
    const results = [await reader.next(), await reader.next(), await reader.next()];
    expect(results).toEqual([undefined, null, 0].map((value) => ({ value, done: false })));
  });

  it("ends readers after what they hold, and late ones at once, until it is opened anew", async () => {
    const feed = feedOf();
    const [reader, waiting] = [feed.read(), feed.read().next()];
    feed.publish(1);
    feed.end();
    feed.end();
    expect(await waiting).toEqual({ value: 1, done: false });
    expect(await feed.read().next()).toEqual(over);
    feed.open();
    const later = feed.read();
    feed.publish(2);
    expect(await readAll(reader)).toEqual([1]);
    expect(await take(later, 1)).toEqual([2]);
  });

  it("goes on when it is opened in each of several lives", async () => {
    const feed = feedOf();
    const reader = feed.read();
    for (const life of [1, 2, 3]) {
      feed.open();
      feed.publish(life);
    }
    expect(await take(reader, 3)).toEqual([1, 2, 3]);
  });

  it.each<[string, (reader: FeedIterator<number>, abort: () => void) => unknown]>([
    ["return", (reader) => reader.return!()],
    ["disposal", (reader) => reader[Symbol.asyncDispose]()],
    ["its signal", (_, abort) => abort()],
    [
      "break",
      async (reader) => {
        for await (const _ of reader) break;
      },
    ],
  ])("ends a reader by %s, with what it holds, and leaves no listener", async (_, end) => {
    const feed = feedOf();
    const controller = new AbortController();
    const reader = feed.read({ signal: controller.signal, buffer: 2 });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    for (const item of [1, 2]) feed.publish(item);
    await end(reader, () => controller.abort());
    for (const item of [3, 4, 5]) feed.publish(item);
    expect([await reader.next(), reader.dropped]).toEqual([over, 0]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(feed.isEmpty).toBe(true);
  });

  it("settles reads that wait when their reader ends", async () => {
    const reader = feedOf().read();
    const waiting = [reader.next(), reader.next()];
    expect(await reader.return!()).toEqual(over);
    expect(await Promise.all(waiting)).toEqual([over, over]);
  });

  it("gives nothing more to a reader whose signal aborts after the end", async () => {
    const feed = new Feed<number>("read numbers");
    const controller = new AbortController();
    const reader = feed.read({ signal: controller.signal });
    for (const item of [1, 2, 3]) feed.publish(item);
    feed.end();
    expect(await reader.next()).toEqual({ value: 1, done: false });
    controller.abort();
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  it("gives nothing to a reader whose signal was aborted before", async () => {
    const feed = feedOf();
    const reader = feed.read({ signal: AbortSignal.abort() });
    feed.publish(1);
    expect(await reader.next()).toEqual(over);
  });

  it("leaves no listener behind when it ends", () => {
    const { signal } = new AbortController();
    const feed = feedOf();
    feed.read({ signal });
    feed.end();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("lets a reader end another one while it is told", async () => {
    const feed = feedOf();
    const first = feed.read();
    const second = feed.read();
    const told = first.next().then(() => second.return!());
    feed.publish(1);
    await told;
    expect(await second.next()).toEqual(over);
  });

  it.each<[object, ErrorConstructor, string]>([
    [{ buffer: 0 }, RangeError, "`buffer` must be an integer of 1 or more, got 0"],
    [{ buffer: "7" }, TypeError, '`buffer` must be an integer of 1 or more, got "7"'],
    [{ signal: {} }, TypeError, "`signal` must be an AbortSignal, got an object"],
    [{ bufer: 7 }, TypeError, "unknown option `bufer`"],
    [null as never, TypeError, "`options` must be an object, got null"],
  ])("refuses %o", (options, type, message) => {
    const feed = feedOf();
    expect(() => feed.read(options)).toThrow(type);
    expect(() => feed.read(options)).toThrow(`Cannot read the values of "meter": ${message}`);
    expect(feed.isEmpty).toBe(true);
  });
});

describe("Feed that waits", () => {
  it("drops nothing, and has no room while a reader holds as much as its `buffer`", async () => {
    const feed = waitingFeed();
    const [slow, slower] = [feed.read({ buffer: 2 }), feed.read({ buffer: 3 })];
    expect(feed.publish(1)).toBe(true);
    expect(roomOf(feed)).toEqual({ now: true, later: false });
    expect([feed.publish(2), feed.publish(3)]).toEqual([false, false]);
    const room = roomOf(feed);
    expect(room).toEqual({ now: false, later: false });
    expect(await take(slow, 3)).toEqual([1, 2, 3]);
    expect(room.later).toBe(false);
    expect(await take(slower, 3)).toEqual([1, 2, 3]);
    expect([room.later, feed.room]).toEqual([true, undefined]);
    expect([slow.dropped, slower.dropped]).toEqual([0, 0]);
  });

  it("holds 256 items for a reader that does not say how many", () => {
    const feed = waitingFeed();
    feed.read();
    for (let item = 1; item <= 255; item++) feed.publish(item);
    expect(feed.room).toBeUndefined();
    feed.publish(256);
    expect(feed.room).toBeInstanceOf(Promise);
  });

  it("has room again when its reader has read all, not in the middle of it", async () => {
    const feed = waitingFeed();
    const reader = feed.read({ buffer: 3 });
    for (const item of [1, 2, 3]) feed.publish(item);
    const room = roomOf(feed);
    await take(reader, 2);
    expect(room.later).toBe(false);
    await take(reader, 1);
    expect(room.later).toBe(true);
  });

  it.each<[string, (reader: FeedIterator<number>, abort: () => void) => unknown]>([
    ["return", (reader) => reader.return!()],
    ["disposal", (reader) => reader[Symbol.asyncDispose]()],
    ["its signal", (_, abort) => abort()],
  ])("has room again when the reader that was full ends by %s", async (_, end) => {
    const feed = waitingFeed();
    const controller = new AbortController();
    const reader = feed.read({ buffer: 1, signal: controller.signal });
    feed.publish(1);
    const room = roomOf(feed);
    await end(reader, () => controller.abort());
    await Promise.resolve();
    expect([room, feed.room]).toEqual([{ now: false, later: true }, undefined]);
  });

  it("makes nobody wait for readers of an end", async () => {
    const feed = waitingFeed();
    const reader = feed.read({ buffer: 1 });
    feed.publish(1);
    const room = roomOf(feed);
    feed.end();
    await Promise.resolve();
    expect([room.later, feed.room]).toEqual([true, undefined]);
    expect(await readAll(reader)).toEqual([1]);
  });
});
