import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStream } from "../../src/lib/stream/event-stream.ts";
import { interpret, type Said } from "./reference.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a stream says that comes in these chunks, and whether all of it was taken. */
function read(
  chunks: readonly Uint8Array[],
  { lastEventId = "", maxEventSize = 1_000_000 } = {},
): { said: Said[]; complete: boolean } {
  const said: Said[] = [];
  const stream = new EventStream(lastEventId, maxEventSize, {
    onEvent: (event) => said.push({ event }),
    onId: (lastEventId) => said.push({ lastEventId }),
    onRetry: (retry) => said.push({ retry }),
  });
  return { complete: chunks.every((chunk) => stream.push(chunk)), said };
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const points = [0, ...[...at].sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, index) => bytes.subarray(points[index], end));
}

function messages(said: readonly Said[]): string[] {
  return said.flatMap((one) => ("event" in one ? [one.event.data] : []));
}

/** The documents of web-platform-tests, `eventsource/`, and others that have tripped up a reader. */
const documents: Record<string, string> = {
  "format-bom": "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n",
  "format-bom-2": "\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n",
  "format-comments": `data:1\r:\0\n:\r\ndata:2\n:${"x".repeat(2_048)}\rdata:3\n:data:fail\r:${"y".repeat(2_048)}\ndata:4\n\n`,
  "format-data-before-final-empty-line": "retry:1000\ndata:test1\n\nid:test\ndata:test2",
  "format-field-data": "data:\n\ndata\ndata\n\ndata:test\n\n",
  "format-field-event": "event:test\ndata:x\n\ndata:x\n\n",
  "format-field-event-empty": "event: \ndata:data\n\nevent\ndata:data\n\n",
  "format-field-id": "id: …\nretry:200\ndata:hello\n\n",
  "format-field-id-3": "id: 1\ndata:a\n\ndata:b\n\nid:\ndata:c\n\nid: 2\ndata:d\n\nid\ndata:e\n\n",
  "format-field-id-null":
    "id:\0\ndata:a\n\nid:x\0\ndata:b\n\nid:\0x\ndata:c\n\nid:x\0x\ndata:d\n\nid: \0\ndata:e\n\n",
  "format-field-parsing":
    "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
  "format-field-retry": "retry:03000\ndata:x\n\n",
  "format-field-retry-bogus": "retry:3000\nretry:1000x\ndata:x\n\n",
  "format-field-retry-bogus-2":
    "retry:1000x\nretry:3000\nretry: -1\nretry:1.5\nretry:1e3\ndata:x\n\n",
  "format-field-retry-empty": "retry\nretry:\ndata:test\n\n",
  "format-field-unknown":
    "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
  "format-leading-space": "data:\ttest\rdata: \ndata:test\n\n",
  "format-newlines": "data:test\r\ndata\ndata:test\r\n\r",
  "format-null-character": "data:\0\n\n\n\n",
  "format-utf-8": "data:ok…\n\ndata:\u{1F600}\n\n",
  "event-data":
    ":\n\ndata:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n",
  "request-last-id": "id:a\n\ndata:b\n\nid:c\nid:\0\n\ndata:d\n\nid:e\ndata:never",
  "blank lines only": "\n\r\r\n\n\r\n\r",
  "what looks like a BOM in another encoding": "ï»¿data:1\n\ndata:2\n\n",
  "carriage returns at every place": "data:1\r\rdata:2\r\n\rdata:3\n\r\ndata:4\r\n\r\n\rdata:5\r\r",
};

const encoded = Object.entries(documents).map(([name, text]) => [name, bytesOf(text)] as const);
// As no text says them: a byte that begins no character, one that is cut off, and one too long.
encoded.push([
  "invalid UTF-8",
  Uint8Array.from([...bytesOf("data:"), 0xff, 0xc3, 0x28, 0xe2, 0x82, 10, 10]),
]);
encoded.push(["half a BOM", Uint8Array.from([0xef, 0xbb, ...bytesOf("data:1\n\ndata:2\n\n")])]);

describe("EventStream", () => {
  it.each(encoded)("reads as the standard says, at every split point: %s", (_, bytes) => {
    const expected = interpret(bytes);
    expect(read([bytes]).said).toEqual(expected);
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte))).said).toEqual(expected);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read(cut(bytes, [at])).said).toEqual(expected);
    }
  });

  it.each(encoded.filter(([, bytes]) => bytes.length < 120))(
    "reads as the standard says, at every two split points: %s",
    (_, bytes) => {
      const expected = JSON.stringify(interpret(bytes));
      const wrong: [number, number][] = [];
      for (let first = 0; first <= bytes.length; first++) {
        for (let second = first; second <= bytes.length; second++) {
          const { said } = read(cut(bytes, [first, second]));
          if (JSON.stringify(said) !== expected) wrong.push([first, second]);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it("reads as the standard says, whatever comes in whatever chunks", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "data",
        "event",
        "id",
        "retry",
        "x",
        ":",
        ": ",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
      ),
      fc.constantFrom("\0", "\uFEFF", "…", "\u{1F600}", "7", "100", "ï»¿", "\u2028", "\u0085"),
      fc.string({ maxLength: 4, unit: "binary" }),
    );
    const document = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => bytesOf(pieces.join(""))),
      fc.uint8Array({ maxLength: 60 }),
    );
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(document, cuts, fc.constantFrom("", "before"), (bytes, points, lastEventId) => {
        const chunks = cut(
          bytes,
          points.map((point) => point % (bytes.length + 1)),
        );
        expect(read(chunks, { lastEventId }).said).toEqual(interpret(bytes, lastEventId));
      }),
      { numRuns: 3_000 },
    );
  });

  it("goes on with the id that it began with until the stream gives another one", () => {
    const { said } = read([bytesOf("data:1\n\nid:8\ndata:2\n\nid\ndata:3\n\n")], {
      lastEventId: "7",
    });
    expect(said.flatMap((one) => ("event" in one ? [one.event.id] : []))).toEqual(["7", "8", ""]);
  });

  it("takes events of exactly `maxEventSize` bytes, and none of one more, at every split point", () => {
    const event = "id:1\r\nevent: ä\ndata:12\rdata\n";
    const size = bytesOf(event).length - 1; // CR LF is one line end
    for (const before of ["", "\n", "data:0\n\n", "data:0\r\n\r\n", ": comment\n\r"]) {
      const bytes = bytesOf(`${before}${event}\n`);
      const seen = messages(interpret(bytes));
      for (let at = 0; at <= bytes.length; at++) {
        const chunks = cut(bytes, [at]);
        const enough = read(chunks, { maxEventSize: size });
        expect([enough.complete, messages(enough.said)]).toEqual([true, seen]);
        const short = read(chunks, { maxEventSize: size - 1 });
        expect([short.complete, messages(short.said)]).toEqual([false, seen.slice(0, -1)]);
      }
    }
  });

  it("counts each event by itself, and cuts off the one that is too large, at every split point", () => {
    const small = "data:12\n\n";
    const bytes = bytesOf(`${small.repeat(9)}data:${"x".repeat(20)}\n\n${small}`);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second += 7) {
        const { said, complete } = read(cut(bytes, [first, second]), { maxEventSize: 16 });
        expect([complete, messages(said)]).toEqual([false, Array(9).fill("12")]);
      }
    }
  });

  it.each([
    ["one line without an end", "data:", "x"],
    ["many lines", "", "data:x\n"],
    ["lines without a value", "", "data\n"],
    ["lines that mean nothing", "", "nothing: x\r"],
    ["one id", "id:", "x"],
    ["one event name", "event:", "x"],
    ["a line that may become a field", "dat", "a"],
    ["data between comments", "", ":\ndata:x\n"],
  ])("cuts off %s", (_, start, more) => {
    const chunk = bytesOf(more.repeat(1_000));
    const { complete, said } = read([bytesOf(start), ...Array.from({ length: 30 }, () => chunk)], {
      maxEventSize: 10_000,
    });
    expect([complete, said]).toEqual([false, []]);
  });

  it.each([
    ["comments without an event", ": still here\n"],
    ["a comment without an end", ":xxxxxxxxxxxx"],
    ["blank lines", "\r\n"],
    ["blank lines after comments", ":\r\r"],
    ["fields without data, each in a block of its own", "id:\n\n"],
    ["events", "data:x\r\rdata:x\n\n"],
  ])("never cuts off %s", (_, more) => {
    const chunk = bytesOf(more.repeat(1_000));
    const chunks = Array.from({ length: 30 }, () => chunk);
    expect(read(chunks, { maxEventSize: 10_000 }).complete).toBe(true);
    expect(read(chunks, { maxEventSize: 16 }).complete).toBe(true);
  });

  it("says the same about the size however the bytes are cut", () => {
    const line = fc.constantFrom("data:1", "data", ":", ":xx", "id:1", "\uFEFF", "x");
    const end = fc.constantFrom("\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n");
    const lines = fc.array(
      fc.tuple(line, end).map((pair) => pair.join("")),
      { maxLength: 20 },
    );
    const cuts = fc.array(fc.nat(), { maxLength: 6 });
    fc.assert(
      fc.property(lines, cuts, fc.integer({ min: 1, max: 30 }), (all, points, maxEventSize) => {
        const bytes = bytesOf(all.join(""));
        const whole = read([bytes], { maxEventSize });
        const single = read(
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
          { maxEventSize },
        );
        const chunks = cut(
          bytes,
          points.map((point) => point % (bytes.length + 1)),
        );
        expect(single).toEqual(whole);
        expect(read(chunks, { maxEventSize })).toEqual(whole);
      }),
      { numRuns: 3_000 },
    );
  });
});
