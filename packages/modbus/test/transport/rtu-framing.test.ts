import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RtuFraming, rtuFrame } from "../../src/lib/transport/rtu-framing.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const message = (text: string) => rtuFrame(hex(text));

/** What is found for `sent` when the chunks come one after the other, and then no more. */
function found(sent: string, chunks: readonly Buffer[], settles = false): string | undefined {
  const framing = new RtuFraming();
  framing.expect(hex(sent));
  const answers = chunks.map((chunk) => framing.push(chunk));
  if (settles) answers.push(framing.settle());
  return answers.find((answer) => answer !== undefined)?.toString("hex");
}

/** A request with its answer for each function whose answers say how long they are. */
const exchanges: [name: string, sent: string, answer: string][] = [
  ["coils", "01 01 0000 0009", "01 01 02 ff01"],
  ["discrete inputs", "01 02 0000 0008", "01 02 01 ff"],
  ["holding registers", "01 03 0000 0002", "01 03 04 00010002"],
  ["input registers", "01 04 0000 0001", "01 04 02 0001"],
  ["a coil", "01 05 0007 ff00", "01 05 0007 ff00"],
  ["a register", "01 06 0007 002a", "01 06 0007 002a"],
  ["the exception status", "01 07", "01 07 6d"],
  ["a diagnosis", "01 08 0000 a537", "01 08 0000 a537"],
  ["the event counter", "01 0b", "01 0b ffff 0108"],
  ["the event log", "01 0c", "01 0c 08 0000 0108 0121 2000"],
  ["several coils", "01 0f 0007 0003 01 05", "01 0f 0007 0003"],
  ["several registers", "01 10 0007 0001 02 002a", "01 10 0007 0001"],
  ["the server id", "01 11", "01 11 05 4142 43 ff 00"],
  [
    "file records",
    "01 14 0e 06 0004 0001 0002 06 0003 0009 0002",
    "01 14 0c 05 06 0dfe 0020 05 06 33cd 0040",
  ],
  ["written file records", "01 15 09 06 0004 0007 0001 06af", "01 15 09 06 0004 0007 0001 06af"],
  ["a masked register", "01 16 0004 00f2 0025", "01 16 0004 00f2 0025"],
  ["registers written and read", "01 17 0003 0002 0007 0001 02 002a", "01 17 04 00010002"],
  ["a queue", "01 18 04de", "01 18 0006 0002 01b8 1284"],
  ["the identification", "01 2b 0e 01 00", "01 2b 0e 01 01 00 00 02 00 03 737570 01 01 41"],
  ["an exception", "01 03 0000 0002", "01 83 02"],
];

describe("RtuFraming", () => {
  it.each(exchanges)("finds the answer about %s at any split, in any noise", (_, sent, answer) => {
    const frame = message(answer);
    const expected = hex(answer).toString("hex");
    for (let cut = 0; cut <= frame.length; cut++) {
      expect(found(sent, [frame.subarray(0, cut), frame.subarray(cut)])).toBe(expected);
    }
    const noises = ["00", "01", "01 03", "ff ff 01 83", "02 03 02 0001 7984", "03 03 03 03"];
    for (const noise of noises) {
      const bytes = Buffer.concat([hex(noise), frame, hex("01 03 55")]);
      for (let size = 1; size <= bytes.length; size++) {
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        expect(found(sent, chunks, true)).toBe(expected);
      }
    }
  });

  it.each(exchanges)("finds no answer about %s when any bit is another", (_, sent, answer) => {
    const frame = message(answer);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const garbled = Buffer.from(frame);
      garbled[bit >>> 3]! ^= 1 << (bit & 7);
      expect(found(sent, [garbled], true)).toBeUndefined();
    }
  });

  it("finds an answer behind what began like one, once no more comes", () => {
    const sent = "01 03 0000 0002";
    const frame = message("01 03 04 00010002");
    const chunks = [Buffer.concat([hex("01 03 04"), frame.subarray(0, 2)]), frame.subarray(2)];
    expect(found(sent, chunks, true)).toBe("01030400010002");
  });

  it("does not take an exception inside of registers for the answer while they are still coming", () => {
    const inner = message("01 83 02");
    const frame = message(`01 03 08 0000 ${inner.toString("hex")} 00`);
    const sent = "01 03 0000 0004";
    expect(found(sent, [frame.subarray(0, 11), frame.subarray(11)])).toBe(
      frame.subarray(0, -2).toString("hex"),
    );
  });

  it("takes all that comes, once no more does, for the answer of a function that it does not know", () => {
    const frame = message("01 64 010203");
    expect(found("01 64 00", [frame])).toBeUndefined();
    expect(found("01 64 00", [frame.subarray(0, 3), frame.subarray(3)], true)).toBe("0164010203");
    expect(found("01 64 00", [frame.subarray(0, 5)], true)).toBeUndefined();
    expect(found("01 64 00", [message("01 e4 01")])).toBe("01e401");
  });

  it("finds nothing in what nobody asked for, and forgets it", () => {
    const framing = new RtuFraming();
    framing.expect(undefined);
    expect(framing.push(message("01 03 02 0001"))).toBeUndefined();
    expect(framing.settle()).toBeUndefined();
    expect(framing.rest).toHaveLength(7);
    framing.expect(hex("01 03 0000 0001"));
    expect(framing.rest).toHaveLength(0);
    expect(framing.settle()).toBeUndefined();
  });

  it("keeps but the end of a flood, and finds the answer in it", () => {
    const framing = new RtuFraming();
    framing.expect(hex("01 03 0000 0001"));
    for (let round = 0; round < 100; round++) framing.push(Buffer.alloc(1_000, 0xaa));
    expect(framing.rest.length).toBeLessThan(1_000);
    expect(framing.push(message("01 03 02 002a"))).toEqual(hex("01 03 02 002a"));
  });

  it("does not change an answer that it handed over when more comes", () => {
    const framing = new RtuFraming();
    framing.expect(hex("01 03 0000 0001"));
    const chunk = message("01 03 02 002a");
    const answer = framing.push(chunk)!;
    chunk.fill(0);
    expect(answer).toEqual(hex("01 03 02 002a"));
  });

  it("finds no other answer than the one that is in it, whatever is around it and however it comes", () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(...exchanges),
        bytes,
        bytes,
        fc.array(fc.nat(120), { maxLength: 5 }),
        ([, sent, answer], before, after, cuts) => {
          const stream = Buffer.concat([before, message(answer), after]);
          const edges = [0, ...cuts.filter((cut) => cut < stream.length), stream.length];
          edges.sort((a, b) => a - b);
          const chunks = edges.slice(1).map((end, at) => stream.subarray(edges[at], end));
          expect(found(sent, chunks, true)).toBe(hex(answer).toString("hex"));
        },
      ),
      { numRuns: 500 },
    );
  });
});
