import { describe, expect, it } from "vitest";
import { Codec, type LibraryError } from "../../src/lib/codec/codec.ts";
import {
  maskWriteRegister,
  type ModbusRequest,
  readBits,
  readRegisters,
  readWriteRegisters,
  writeCoil,
  writeCoils,
  writeRegister,
  writeRegisters,
} from "../../src/lib/request/request.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

/** The examples of the Modbus Application Protocol V1.1b3, section 6: its requests, answers and what they mean. */
const examples: [string, ModbusRequest, string, string, unknown][] = [
  [
    "6.1 Read Coils",
    readBits(1, 17, 0x13, 19),
    "11 01 0013 0013",
    "11 01 03 cd6b05",
    [1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1].map(Boolean),
  ],
  [
    "6.2 Read Discrete Inputs",
    readBits(2, 17, 0xc4, 22),
    "11 02 00c4 0016",
    "11 02 03 acdb35",
    [0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1].map(Boolean),
  ],
  [
    "6.3 Read Holding Registers",
    readRegisters(3, 17, 0x6b, 3),
    "11 03 006b 0003",
    "11 03 06 022b00000064",
    [0x022b, 0, 0x64],
  ],
  [
    "6.4 Read Input Registers",
    readRegisters(4, 17, 8, 1),
    "11 04 0008 0001",
    "11 04 02 000a",
    [10],
  ],
  [
    "6.5 Write Single Coil on",
    writeCoil(17, 0xac, true),
    "11 05 00ac ff00",
    "11 05 00ac ff00",
    undefined,
  ],
  [
    "6.5 Write Single Coil off",
    writeCoil(17, 0xac, false),
    "11 05 00ac 0000",
    "11 05 00ac 0000",
    undefined,
  ],
  [
    "6.6 Write Single Register",
    writeRegister(17, 1, 3),
    "11 06 0001 0003",
    "11 06 0001 0003",
    undefined,
  ],
  [
    "6.11 Write Multiple Coils",
    writeCoils(17, 0x13, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0].map(Boolean)),
    "11 0f 0013 000a 02 cd01",
    "11 0f 0013 000a",
    undefined,
  ],
  [
    "6.12 Write Multiple Registers",
    writeRegisters(17, 1, [10, 0x0102]),
    "11 10 0001 0002 04 000a0102",
    "11 10 0001 0002",
    undefined,
  ],
  [
    "6.16 Mask Write Register",
    maskWriteRegister(17, 4, 0xf2, 0x25),
    "11 16 0004 00f2 0025",
    "11 16 0004 00f2 0025",
    undefined,
  ],
  [
    "6.17 Read/Write Multiple Registers",
    readWriteRegisters(17, 3, 6, 0x0e, [255, 255, 255]),
    "11 17 0003 0006 000e 0003 06 00ff00ff00ff",
    "11 17 0c 00fe0acd00010003000d00ff",
    [0xfe, 0x0acd, 1, 3, 13, 0xff],
  ],
];

describe("Codec", () => {
  it.each(examples)(
    "encodes and decodes as in the specification: %s",
    (_, request, sent, answer, value) => {
      const codec = new Codec();
      const results: unknown[] = [];
      const message = codec.encode(7, request, (error, result) => results.push(error ?? result));
      expect(message.toString("hex")).toBe(hex(sent).toString("hex"));
      expect(results).toEqual([]);
      codec.decode(7, hex(answer));
      expect(results).toEqual([value]);
    },
  );

  it("gives the code of the device's exception", () => {
    const codec = new Codec();
    const errors: (LibraryError | undefined)[] = [];
    codec.encode(1, readRegisters(3, 1, 0, 1), (error) => errors.push(error));
    codec.decode(1, hex("01 83 02"));
    expect(errors.map((error) => error?.modbusCode)).toEqual([2]);
  });

  it("decodes the answer of each request under its own id when several wait", () => {
    const codec = new Codec();
    const results: unknown[] = [];
    for (const id of [0, 1, 300, 65_535]) {
      codec.encode(id, readRegisters(3, 1, 0, 1), (_, result) => results.push([id, result]));
    }
    for (const id of [300, 0, 65_535, 1]) {
      const answer = hex("01 03 02 0000");
      answer.writeUInt16BE(id, 3);
      codec.decode(id, answer);
    }
    expect(results).toEqual([
      [300, [300]],
      [0, [0]],
      [65_535, [65_535]],
      [1, [1]],
    ]);
  });

  it("calls nobody when an answer comes again, or after the request was forgotten", () => {
    const codec = new Codec();
    const results: unknown[] = [];
    codec.encode(1, readRegisters(3, 1, 0, 1), (_, result) => results.push(result));
    codec.decode(1, hex("01 03 02 0001"));
    codec.decode(1, hex("01 03 02 0001"));
    codec.encode(2, readRegisters(3, 1, 0, 1), (_, result) => results.push(result));
    codec.forget(2);
    codec.decode(2, hex("01 03 02 0002"));
    expect(results).toEqual([[1]]);
  });
});
