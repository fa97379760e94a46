import { describe, expect, it } from "vitest";
import { crc16 } from "../../src/lib/codec/crc16.ts";

describe("crc16", () => {
  it.each([
    ["the check value of CRC-16/MODBUS", Buffer.from("123456789"), 0x4b37],
    ["the example of Modbus over Serial Line, appendix B", Buffer.from("0207", "hex"), 0x1241],
    ["nothing", Buffer.alloc(0), 0xffff],
  ])("is that of the specification for %s", (_, bytes, crc) => {
    expect(crc16(bytes)).toBe(crc);
  });

  it("makes a message end in a remainder of 0 when it is appended low byte first", () => {
    const message = Buffer.from("010300000002", "hex");
    const crc = Buffer.alloc(2);
    crc.writeUInt16LE(crc16(message));
    expect(crc16(Buffer.concat([message, crc]))).toBe(0);
  });
});
