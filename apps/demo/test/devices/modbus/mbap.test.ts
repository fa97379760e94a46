import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { encode, type Frame, framesOf } from "../../../src/devices/modbus/mbap.ts";

const first: Frame = { transactionId: 1, unitId: 7, pdu: Buffer.from("0300000001", "hex") };
const second: Frame = { transactionId: 0xfffe, unitId: 255, pdu: Buffer.alloc(253, 0x2b) };

describe("encode", () => {
  it("puts transaction, protocol, length and unit before the PDU", () => {
    expect(encode(first).toString("hex")).toBe("000100000006070300000001");
  });
});

describe("framesOf", () => {
  it("finds two frames wherever the stream is cut", async () => {
    const stream = Buffer.concat([encode(first), encode(second)]);
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(await framesIn(stream.subarray(0, cut), stream.subarray(cut))).toEqual([
        first,
        second,
      ]);
    }
  });

  it("finds them in a stream of single bytes", async () => {
    const stream = Buffer.concat([encode(first), encode(second)]);
    const bytes = Array.from(stream, (byte) => Buffer.of(byte));
    expect(await framesIn(...bytes)).toEqual([first, second]);
  });

  it("drops half a frame at the end", async () => {
    expect(await framesIn(encode(first), encode(second).subarray(0, 100))).toEqual([first]);
  });

  it.each([
    ["another protocol", "000100010006070300000001"],
    ["a length without a PDU", "00010000000107"],
    ["a length past the limit", "0001000000ff0703"],
  ])("ends at a header with %s", async (_, header) => {
    expect(await framesIn(encode(first), Buffer.from(header, "hex"), encode(second))).toEqual([
      first,
    ]);
  });

  it("ends when the stream breaks", async () => {
    async function* breaking() {
      yield encode(first);
      throw new Error("read ECONNRESET");
    }
    expect(await all(framesOf(breaking()))).toEqual([first]);
  });
});

async function framesIn(...chunks: readonly Buffer[]): Promise<Frame[]> {
  return all(framesOf(Readable.from(chunks)));
}

async function all(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const found: Frame[] = [];
  for await (const frame of frames) found.push(frame);
  return found;
}
