import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModbusFrameError } from "../../src/lib/errors.ts";
import { encodeMbap, MbapDeframer } from "../../src/lib/transport/mbap.ts";

interface Frame {
  readonly id: number;
  readonly message: string;
}

/** What a deframer makes of a stream that comes in these chunks. */
function deframe(chunks: readonly Buffer[]): { frames: Frame[]; fault: string | undefined } {
  const deframer = new MbapDeframer("plc:502");
  const frames: Frame[] = [];
  try {
    for (const chunk of chunks) {
      deframer.push(chunk, (id, message) => frames.push({ id, message: message.toString("hex") }));
    }
  } catch (error) {
    if (!(error instanceof ModbusFrameError)) throw error;
    return { frames, fault: error.message };
  }
  return { frames, fault: undefined };
}

function split(stream: Buffer, ...cuts: number[]): Buffer[] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
  return edges.slice(1).map((end, index) => stream.subarray(edges[index], end));
}

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

const answer = hex("0001 0000 0005 01 03 02 002a");
const exception = hex("0002 0000 0003 01 83 02");
const shortest = hex("ffff 0000 0002 ff 07");
const longest = Buffer.concat([hex("1234 0000 00fe"), Buffer.alloc(254, 7)]);

describe("MbapDeframer", () => {
  it("hands over transaction id and message of each frame when several come at once", () => {
    expect(deframe([Buffer.concat([answer, exception, shortest])])).toEqual({
      frames: [
        { id: 1, message: "010302002a" },
        { id: 2, message: "018302" },
        { id: 65_535, message: "ff07" },
      ],
      fault: undefined,
    });
  });

  it("finds the same frames wherever the stream is split in three", () => {
    const stream = Buffer.concat([answer, exception, shortest, answer]);
    const whole = deframe([stream]);
    expect(whole.frames).toHaveLength(4);
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        expect(deframe(split(stream, first, second))).toEqual(whole);
      }
    }
  });

  it("finds the same frames when every byte comes alone", () => {
    const stream = Buffer.concat([longest, answer, longest]);
    expect(deframe(Array.from(stream, (byte) => Buffer.of(byte)))).toEqual(deframe([stream]));
  });

  it("keeps an unfinished frame for itself when no more comes", () => {
    for (let length = 0; length < answer.length; length++) {
      expect(deframe([answer.subarray(0, length)])).toEqual({ frames: [], fault: undefined });
    }
  });

  it("does not change a message that it handed over when more comes", () => {
    const deframer = new MbapDeframer("plc:502");
    const messages: Buffer[] = [];
    for (const chunk of [answer.subarray(0, 3), answer.subarray(3), exception]) {
      deframer.push(chunk, (_, message) => messages.push(message));
    }
    expect(messages.map((message) => message.toString("hex"))).toEqual(["010302002a", "018302"]);
  });

  it.each([
    ["a protocol id that is not Modbus", "0001 0001 0005 01 03 02 002a", "protocol id 1"],
    ["a protocol id of another byte order", "0001 0100 0005 01 03 02 002a", "protocol id 256"],
    ["no room for a function code", "0001 0000 0001 01", "length 1"],
    ["no room for anything", "0001 0000 0000", "length 0"],
    ["more than a message can have", "0001 0000 00ff 01", "length 255"],
    ["the length that stalls modbus-serial", "0001 0000 ffff 01", "length 65535"],
  ])("throws wherever the stream is split when a header has %s", (_, bytes, fault) => {
    const stream = Buffer.concat([exception, hex(bytes), answer]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const result = deframe(split(stream, cut));
      expect(result.frames).toEqual([{ id: 2, message: "018302" }]);
      expect(result.fault).toContain(fault);
    }
  });

  it("finds what was encoded in any stream at any split", () => {
    const messages = fc.array(
      fc.tuple(fc.nat(65_535), fc.uint8Array({ minLength: 2, maxLength: 254 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.nat(2_000), { maxLength: 8 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(([id, message]) => encodeMbap(id, message)));
        const inside = cuts.filter((cut) => cut <= stream.length);
        expect(deframe(split(stream, ...inside))).toEqual({
          frames: sent.map(([id, message]) => ({
            id,
            message: Buffer.from(message).toString("hex"),
          })),
          fault: undefined,
        });
      }),
    );
  });

  it("comes to the same frames and the same fault at any split when the bytes are arbitrary", () => {
    // Bytes that often make a plausible header, as those of plain noise end at the first one.
    const bytes = fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 2, 3, 5), fc.nat(255)), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(80), { maxLength: 8 }), (noise, cuts) => {
        const stream = Buffer.from(noise);
        const inside = cuts.filter((cut) => cut <= stream.length);
        expect(deframe(split(stream, ...inside))).toEqual(deframe([stream]));
      }),
      { numRuns: 500 },
    );
  });
});
