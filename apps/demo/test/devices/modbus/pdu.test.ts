import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell, Memory } from "../../../src/devices/modbus/memory.ts";
import { answerTo } from "../../../src/devices/modbus/pdu.ts";

describe("answerTo", () => {
  it("reads coils, the first in the lowest bit", () => {
    expect(answer("01 0000 000a", device())).toBe(hex("01 02 01 02"));
    expect(answer("01 0009 0001", device())).toBe(hex("01 01 01"));
  });

  it("reads discrete inputs", () => {
    expect(answer("02 0001 0003", device())).toBe(hex("02 01 05"));
  });

  it("reads holding and input registers", () => {
    expect(answer("03 0001 0002", device())).toBe(hex("03 04 0001 0002"));
    expect(answer("04 0000 0002", device())).toBe(hex("04 04 ffff fffe"));
  });

  it("writes one coil, and echoes the request", () => {
    const memory = device();
    expect(answer("05 0003 ff00", memory)).toBe(hex("05 0003 ff00"));
    expect(answer("01 0003 0001", memory)).toBe(hex("01 01 01"));
    expect(answer("05 0003 0000", memory)).toBe(hex("05 0003 0000"));
    expect(answer("01 0003 0001", memory)).toBe(hex("01 01 00"));
  });

  it("writes one register, and echoes the request", () => {
    const memory = device();
    expect(answer("06 0002 1234", memory)).toBe(hex("06 0002 1234"));
    expect(answer("03 0002 0001", memory)).toBe(hex("03 02 1234"));
  });

  it("writes several coils, and names what it wrote", () => {
    const memory = device();
    expect(answer("0f 0000 000a 02 fe01", memory)).toBe(hex("0f 0000 000a"));
    expect(answer("01 0000 000a", memory)).toBe(hex("01 02 fe01"));
  });

  it("writes several registers, and names what it wrote", () => {
    const memory = device();
    expect(answer("10 0001 0002 04 000a 000b", memory)).toBe(hex("10 0001 0002"));
    expect(answer("03 0000 0004", memory)).toBe(hex("03 08 0000 000a 000b 0003"));
  });

  it.each(["07", "2b 0e 01 00", "00", "ff"])("answers exception 1 to function %s", (request) => {
    const functionCode = Number.parseInt(request.slice(0, 2), 16) | 0x80;
    expect(answer(request, device())).toBe(`${functionCode.toString(16)}01`);
  });

  it.each([
    ["01 000a 0001", "81 02"],
    ["02 0009 0002", "82 02"],
    ["03 0004 0001", "83 02"],
    ["04 ffff 0001", "84 02"],
    ["05 000a ff00", "85 02"],
    ["06 0004 0000", "86 02"],
    ["0f 0009 0002 01 03", "8f 02"],
    ["10 0003 0002 04 0000 0000", "90 02"],
  ])("answers exception 2 when %s goes past the end of a table", (request, exception) => {
    expect(answer(request, device())).toBe(hex(exception));
  });

  it.each([
    ["01 0000 0000", "81 03", "a quantity of 0"],
    ["01 0000 07d1", "81 03", "more than 2,000 coils"],
    ["03 0000 007e", "83 03", "more than 125 registers"],
    ["05 0000 0001", "85 03", "a coil that is neither on nor off"],
    ["0f 0000 0000 00", "8f 03", "no coil to write"],
    ["0f 0000 0009 01 ff", "8f 03", "a byte count that is too small"],
    ["0f 0000 0001 01", "8f 03", "a missing value"],
    ["10 0000 0001 02 0000 00", "90 03", "a byte too many"],
    ["10", "90 03", "no data at all"],
    ["03 0000", "83 03", "half a request"],
    ["06 0000 0000 00", "86 03", "a request that is too long"],
  ])("answers exception 3 when %s has a wrong value: %s, %s", (request, exception) => {
    expect(answer(request, device())).toBe(hex(exception));
  });

  it("writes nothing when it answers with an exception", () => {
    const memory = device();
    answer("0f 0009 0002 01 00", memory);
    answer("10 0003 0002 04 ffff ffff", memory);
    expect(answer("01 0009 0001", memory)).toBe(hex("01 01 01"));
    expect(answer("03 0003 0001", memory)).toBe(hex("03 02 0003"));
  });

  it("answers whatever it is asked with the function code, or with that and an exception", () => {
    const memory = device();
    fc.assert(
      fc.property(requests, (request) => {
        const before = Buffer.from(request);
        const answer = answerTo(request, memory);
        expect(request).toEqual(before);
        expect(answer.length).toBeLessThanOrEqual(253);
        if (answer[0] === request[0]) return;
        expect(answer[0]).toBe(request[0]! | 0x80);
        expect(answer).toHaveLength(2);
        expect([1, 2, 3]).toContain(answer[1]);
      }),
    );
  });
});

/** Requests of any kind, and such as are nearly right. */
const requests = fc
  .tuple(
    fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16), fc.integer({ min: 0, max: 255 })),
    fc.uint8Array({ maxLength: 252 }),
    fc.boolean(),
  )
  .map(([functionCode, data, small]) => {
    if (small) data.fill(0, 0, 3);
    return Buffer.from([functionCode, ...data]);
  });

function answer(request: string, memory: Memory): string {
  return answerTo(Buffer.from(hex(request), "hex"), memory).toString("hex");
}

/** The spaces are for who reads the test. */
function hex(text: string): string {
  return text.replaceAll(" ", "");
}

/** Ten coils and inputs, each ninth and each odd one on; four registers that hold their address, or 65,535 minus it. */
function device(): Memory {
  const addresses = Array.from({ length: 10 }, (_, address) => address);
  const registers = addresses.slice(0, 4);
  return {
    coils: addresses.map((address) => cell(address % 9 === 0)),
    discreteInputs: addresses.map((address) => cell(address % 2 === 1)),
    holdingRegisters: registers.map(cell),
    inputRegisters: registers.map((address) => cell(0xffff - address)),
  };
}

function cell<Value>(value: Value): Cell<Value> {
  return { read: () => value, write: (written) => void (value = written) };
}
