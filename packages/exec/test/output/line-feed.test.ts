import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { LineFeed } from "../../src/lib/output/line-feed.ts";
import type { OutputLine } from "../../src/lib/output/output-line.ts";

function lines(count: number, from = 0): OutputLine[] {
  return Array.from({ length: count }, (_, index) => ({
    stream: "stdout",
    line: String(from + index),
    truncated: false,
  }));
}

async function textsOf(lines: AsyncIterable<OutputLine>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { line } of lines) texts.push(line);
  return texts;
}

describe("LineFeed", () => {
  it("gives each reader every line from its creation on", async () => {
    const feed = new LineFeed();
    const early = feed.read({});
    feed.push(lines(2));
    const late = feed.read({});
    feed.push(lines(1, 2));
    feed.end();
    expect(await textsOf(early)).toEqual(["0", "1", "2"]);
    expect(await textsOf(late)).toEqual(["2"]);
  });

  it("answers those who asked before there was a line, in their order", async () => {
    const feed = new LineFeed();
    const reader = feed.read({});
    const asked = [reader.next(), reader.next(), reader.next()];
    feed.push(lines(2));
    feed.end();
    expect((await Promise.all(asked)).map(({ value }) => value?.line)).toEqual([
      "0",
      "1",
      undefined,
    ]);
  });

  it("is full when a reader holds 256 lines, and tells when none does any more", async () => {
    const feed = new LineFeed();
    const slow = feed.read({});
    const slower = feed.read({});
    let told = 0;
    feed.onRoom = () => told++;
    feed.push(lines(255));
    expect(feed.isFull).toBe(false);
    feed.push(lines(1));
    expect(feed.isFull).toBe(true);
    for (let read = 0; read < 256; read++) await slow.next();
    expect({ isFull: feed.isFull, told }).toEqual({ isFull: true, told: 0 });
    for (let read = 0; read < 256; read++) await slower.next();
    expect({ isFull: feed.isFull, told }).toEqual({ isFull: false, told: 1 });
  });

  it("makes nobody wait for a reader that was ended, by whichever way", async () => {
    const ways: ((
      reader: AsyncIterableIterator<OutputLine> & AsyncDisposable,
      abort: () => void,
    ) => unknown)[] = [
      (reader) => reader.return!(),
      (reader) => reader[Symbol.asyncDispose](),
      (_, abort) => abort(),
      async (reader) => {
        for await (const line of reader) if (line.line === "3") break;
      },
    ];
    for (const end of ways) {
      const feed = new LineFeed();
      const controller = new AbortController();
      const reader = feed.read({ signal: controller.signal });
      let told = 0;
      feed.onRoom = () => told++;
      feed.push(lines(300));
      await end(reader as never, () => controller.abort());
      expect({ isFull: feed.isFull, told }).toEqual({ isFull: false, told: 1 });
      feed.push(lines(1));
      expect(await reader.next()).toEqual({ value: undefined, done: true });
    }
  });

  it("gives nothing to a reader whose signal is aborted already", async () => {
    const feed = new LineFeed();
    const reader = feed.read({ signal: AbortSignal.abort() });
    feed.push(lines(1));
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  it("leaves no listener on the signal of a reader that ended", () => {
    const { signal } = new AbortController();
    const feed = new LineFeed();
    feed.read({ signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    feed.end();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
