import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../src/lib/output/line-splitter.ts";

type Split = [line: string, truncated: boolean];

function split(chunks: Iterable<Buffer>, limit = 1_000): Split[] {
  const lines: Split[] = [];
  const splitter = new LineSplitter("stdout", limit, ({ line, truncated }) =>
    lines.push([line, truncated]),
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

/** The same, written without regard to chunks and speed. */
function expected(bytes: Buffer, limit: number): Split[] {
  const parts = bytes.toString("latin1").split("\n");
  const last = parts.pop()!;
  const lines = parts.map((part) => part.replace(/\r$/, ""));
  if (last !== "") lines.push(last);
  return lines.map((line) => {
    const raw = Buffer.from(line, "latin1");
    if (raw.length <= limit) return [raw.toString(), false];
    let end = limit;
    while (end > limit - 4 && end > 0 && (raw[end]! & 0xc0) === 0x80) end--;
    return [raw.toString("utf8", 0, end), true];
  });
}

const text = "héllo\r\n\n€uro\r\r\n𝄞 clef\n\r\nlone\rreturn\nlast ∑";

describe("LineSplitter", () => {
  it("ends lines with LF and CRLF, and keeps a CR that ends none", () => {
    expect(split([Buffer.from(text)])).toEqual([
      ["héllo", false],
      ["", false],
      ["€uro\r", false],
      ["𝄞 clef", false],
      ["", false],
      ["lone\rreturn", false],
      ["last ∑", false],
    ]);
  });

  it("gives the same lines at every two split points, also within CRLF and within a character", () => {
    const bytes = Buffer.from(text);
    for (const limit of [3, 6, 1_000]) {
      const whole = expected(bytes, limit);
      for (let first = 0; first <= bytes.length; first++) {
        for (let second = first; second <= bytes.length; second++) {
          const chunks = [
            bytes.subarray(0, first),
            bytes.subarray(first, second),
            bytes.subarray(second),
          ];
          expect(split(chunks, limit)).toEqual(whole);
        }
      }
    }
  });

  it("gives the same lines byte by byte", () => {
    const bytes = Buffer.from(text);
    expect(split(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(expected(bytes, 1_000));
  });

  it("splits any bytes at any points as it splits the whole, whatever the limit", () => {
    const byte = fc.oneof(
      fc.constantFrom(0x0a, 0x0d, 0x61, 0xe2, 0x82, 0xac, 0xff, 0x80),
      fc.integer({ min: 0, max: 255 }),
    );
    const chunk = fc.array(byte, { maxLength: 12 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 8 }),
        fc.integer({ min: 1, max: 20 }),
        (chunks, limit) => {
          expect(split(chunks, limit)).toEqual(expected(Buffer.concat(chunks), limit));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("cuts and marks a line over the limit, and no line of just the limit", () => {
    const at = (length: number) => "x".repeat(length);
    const bytes = Buffer.from(
      `${at(10)}\n${at(10)}\r\n${at(11)}\n${at(11)}\r\n${at(99)}\nshort\n${at(10)}`,
    );
    expect(split([bytes], 10)).toEqual([
      [at(10), false],
      [at(10), false],
      [at(10), true],
      [at(10), true],
      [at(10), true],
      ["short", false],
      [at(10), false],
    ]);
  });

  it("cuts before a character that the limit would tear apart", () => {
    expect(split([Buffer.from("ab€cd\n")], 4)).toEqual([["ab", true]]);
    expect(split([Buffer.from("ab€cd\n")], 5)).toEqual([["ab€", true]]);
  });

  it("marks the last line too when it is over the limit and has no end", () => {
    expect(split([Buffer.from("abcdef")], 4)).toEqual([["abcd", true]]);
  });

  it("keeps no more of a line without an end than the limit", () => {
    const lines: Split[] = [];
    const splitter = new LineSplitter("stdout", 100, ({ line, truncated }) =>
      lines.push([line, truncated]),
    );
    const chunk = Buffer.alloc(65_536, "x");
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 1_000; count++) splitter.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    splitter.push(Buffer.from("\nnext\n"));
    expect(lines).toEqual([
      ["x".repeat(100), true],
      ["next", false],
    ]);
  });

  it("gives nothing for nothing", () => {
    expect(split([])).toEqual([]);
    expect(split([Buffer.alloc(0)])).toEqual([]);
  });
});
