import { describe, expect, it } from "vitest";
import { AlarmBook } from "../../src/devices/alarm-book.ts";

describe("AlarmBook", () => {
  it("has one more every 15 seconds, by ascending ids", () => {
    const { book, wait } = open();
    expect([book.lastId(), book.since(0)]).toEqual([0, []]);
    wait(15);
    expect(book.lastId()).toBe(1);
    expect(book.since(0)).toEqual([{ id: 1, kind: "alarm", text: "supply pump: pressure is low" }]);
    wait(30);
    expect(book.since(1).map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "2 all-clear",
      "3 alarm",
    ]);
    expect(book.since(3)).toEqual([]);
    expect(book.since(99)).toEqual([]);
  });

  it("remembers the last twenty", () => {
    const { book, wait } = open();
    wait(15 * 50);
    expect(book.since(0).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => 31 + i));
    expect(book.since(48).map(({ id }) => id)).toEqual([49, 50]);
  });
});

function open() {
  let time = 7_000;
  return {
    book: new AlarmBook(() => time),
    wait: (seconds: number) => void (time += seconds * 1_000),
  };
}
