import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsciiFraming, asciiFrame } from "../../src/lib/transport/ascii-framing.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

function found(sent: string, chunks: readonly Buffer[]): string | undefined {
  const framing = new AsciiFraming();
  framing.expect(hex(sent));
  return chunks
    .map((chunk) => framing.push(chunk))
    .find((answer) => answer !== undefined)
    ?.toString("hex");
}

const sent = "01 03 0000 0001";
const frame = asciiFrame(hex("01 03 02 002a"));

const meaning = (bytes: Buffer) =>
  Buffer.from(bytes.map((byte) => byte & 0x7f))
    .toString()
    .toUpperCase();

describe("AsciiFraming", () => {
  it("writes a frame as the specification has it", () => {
    expect(asciiFrame(hex("f7 03 13 89 00 0a")).toString()).toBe(":F7031389000A60\r\n");
  });

  it("finds the answer at any split, in any noise", () => {
    for (const noise of ["", "x", ":", ":01", ":0103\r\n", "\r\n", ":zz\r\n"]) {
      const bytes = Buffer.concat([Buffer.from(noise), frame, Buffer.from(":01")]);
      for (let cut = 0; cut <= bytes.length; cut++) {
        expect(found(sent, [bytes.subarray(0, cut), bytes.subarray(cut)])).toBe("010302002a");
      }
    }
  });

  it("reads small letters, and leaves a parity bit aside", () => {
    expect(found(sent, [Buffer.from(frame.toString().toLowerCase())])).toBe("010302002a");
    expect(found(sent, [Buffer.from(frame.map((byte) => byte | 0x80))])).toBeUndefined();
    const digits = Buffer.from(frame.map((byte) => (byte === 0x0a ? byte : byte | 0x80)));
    expect(found(sent, [digits])).toBe("010302002a");
  });

  it.each([
    ["a checksum that is another", ":010302002AD1\r\n"],
    ["no carriage return", ":010302002AD0\n"],
    ["an odd number of digits", ":010302002AD0A\r\n"],
    ["what is no digit", ":010302002GD0\r\n"],
    ["no colon", "010302002AD0\r\n"],
    ["another quantity", asciiFrame(hex("01 03 04 002a002a")).toString()],
    ["less than its length", asciiFrame(hex("01 03 02 00")).toString()],
    ["more than its length", asciiFrame(hex("01 03 02 002a 00")).toString()],
    ["another unit", asciiFrame(hex("02 03 02 002a")).toString()],
    ["another function", asciiFrame(hex("01 04 02 002a")).toString()],
  ])("finds no answer in a frame with %s, but the right one after it", (_, wrong) => {
    expect(found(sent, [Buffer.from(wrong)])).toBeUndefined();
    expect(found(sent, [Buffer.from(wrong), frame])).toBe("010302002a");
  });

  it("takes a whole frame for the answer of a function that it does not know", () => {
    expect(found("01 64 00", [asciiFrame(hex("01 64 010203"))])).toBe("0164010203");
  });

  it("keeps but the end of a flood, and finds the answer in it", () => {
    const framing = new AsciiFraming();
    framing.expect(hex(sent));
    for (let round = 0; round < 100; round++) framing.push(Buffer.alloc(1_000, 0x30));
    expect(framing.rest.length).toBeLessThan(1_100);
    expect(framing.push(frame)).toEqual(hex("01 03 02 002a"));
  });

  it("finds nothing when any bit is another", () => {
    // The eighth bit is the parity's, and a letter as good when it is small.
    const garbled = Array.from({ length: (frame.length - 2) * 8 }, (_, bit) => {
      const bytes = Buffer.from(frame);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      return bytes;
    }).filter((bytes) => meaning(bytes) !== meaning(frame));
    expect(garbled.length).toBeGreaterThan(80);
    expect(garbled.map((bytes) => found(sent, [bytes])).filter(Boolean)).toEqual([]);
  });

  it("finds the answer in any noise", () => {
    const noise = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        const bytes = Buffer.concat([Buffer.from(before), frame, Buffer.from(after)]);
        expect(found(sent, [bytes])).toBe("010302002a");
      }),
    );
  });
});
